package io.aihub.queue.control;

import io.aihub.shared.UnavailableException;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;

/**
 * Turns a lost database into an {@link UnavailableException}, so that clients are told to come back
 * and logs aren't flooded with what one line can say.
 */
public class DatabaseOutage {

  @AroundInvoke
  Object translate(InvocationContext call) throws Exception {
    try {
      return call.proceed();
    } catch (RuntimeException failure) {
      throw isOutage(failure) ? unavailable(failure) : failure;
    }
  }

  /** Whether the connection is at fault, and not what was sent over it. */
  static boolean isOutage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectionException) {
        return true;
      }
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        // PostgreSQL, appendix A: 08 connection exception, 57P shutting down or starting
        return sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P");
      }
    }
    return false;
  }

  private static UnavailableException unavailable(RuntimeException cause) {
    UnavailableException unavailable = new UnavailableException("database.unavailable");
    unavailable.initCause(cause);
    return unavailable;
  }
}
