package io.aihub.queue.control;

import jakarta.ejb.ApplicationException;

/**
 * What this server remembered when it began a transaction isn't so any more: another server or a
 * timer was faster, or people have set a limit. The transaction is taken back, and carried out
 * again by what the database says.
 */
@ApplicationException(rollback = true)
final class Overtaken extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Overtaken() {
    super(null, null, false, false); // a signal: nobody reads it
  }
}
