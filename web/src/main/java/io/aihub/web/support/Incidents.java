package io.aihub.web.support;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.UUID;

/** Failures of the server itself: logged in full under a number that the caller is told. */
@ApplicationScoped
public class Incidents {

  private static final Logger LOG = System.getLogger(Incidents.class.getName());

  /** Logs {@code failure} and returns its number. */
  public String record(Throwable failure) {
    String incident = UUID.randomUUID().toString();
    LOG.log(Level.ERROR, "Incident " + incident, failure);
    return incident;
  }
}
