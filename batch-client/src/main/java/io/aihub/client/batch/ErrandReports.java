package io.aihub.client.batch;

import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerUnavailableException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells the server what came of an errand, for as long as the server takes to listen. */
final class ErrandReports {

  private static final Logger LOG = Logger.getLogger(ErrandReports.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final DrainSignal drain;

  ErrandReports(DrainSignal drain) {
    this.drain = drain;
  }

  /** A call of the server. */
  interface Report {
    void send() throws ServerUnavailableException, RefusedException;
  }

  /**
   * Sends a report.
   *
   * @param what the errand, for the log
   * @return false where the server wants to hear no more of it, or this process is to stop
   */
  boolean send(String what, Report report) {
    do {
      try {
        report.send();
        return true;
      } catch (ServerUnavailableException away) {
        LOG.log(Level.FINE, "{0} is reported later: {1}", new Object[] {what, away.getMessage()});
      } catch (RefusedException over) {
        LOG.log(Level.INFO, "{0} is over: {1}", new Object[] {what, over.getMessage()});
        return false;
      }
    } while (drain.pause(PAUSE));
    return false;
  }
}
