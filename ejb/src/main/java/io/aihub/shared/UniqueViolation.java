package io.aihub.shared;

import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.function.Supplier;

/** Turns the database's refusal of a second row of one key into words of the domain. */
public final class UniqueViolation {

  /** PostgreSQL's {@code unique_violation}. */
  private static final String SQL_STATE = "23505";

  private UniqueViolation() {}

  /** Runs {@code write}, which flushes, and throws {@code taken} where its key is there already. */
  public static void translate(Runnable write, Supplier<? extends BusinessException> taken) {
    try {
      write.run();
    } catch (PersistenceException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql && SQL_STATE.equals(sql.getSQLState())) {
          throw taken.get();
        }
      }
      throw e;
    }
  }
}
