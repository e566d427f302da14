package io.aihub.client.lifecycle;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Why this client keeps what it has and takes no more, if it does. All workers share it; the log
 * gets a line when a cause appears and one when it is gone, however many workers wait.
 */
@ApplicationScoped
public class Holding {

  /** What can make a client hold. */
  public enum Cause {
    TOKEN,
    SERVER,
    RELAY,
    DISK,
    PACKAGES,
    /** A task wants its script run in a way that this client doesn't know. */
    OPTIONS
  }

  private static final Logger LOG = Logger.getLogger(Holding.class.getName());

  private final Map<Cause, String> reasons = new EnumMap<>(Cause.class);

  public synchronized void because(Cause cause, String reason) {
    if (reasons.put(cause, reason) == null) {
      LOG.log(Level.WARNING, "Holding: {0}", reason);
    }
  }

  public synchronized void over(Cause cause) {
    if (reasons.remove(cause) != null) {
      LOG.log(Level.INFO, "Going on: {0} is well again", cause);
    }
  }

  /** The reasons in a sentence each, or empty where nothing is held. */
  public synchronized Optional<String> reason() {
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons.values()));
  }
}
