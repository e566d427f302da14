package io.aihub.storage.control;

import jakarta.ejb.ApplicationException;

/**
 * Storage answered, and the answer was no. Trying again is of no use before somebody mends the
 * cause; where storage does not answer, an {@link io.aihub.shared.UnavailableException} is thrown
 * instead.
 */
@ApplicationException(rollback = true)
public class ObjectAccessException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the object. */
  public enum Problem {
    /** There is no such object, or no such bucket. */
    MISSING,
    /** It is not what it was when it was pinned. */
    CHANGED,
    /** Storage does not let us at it. */
    REFUSED
  }

  private final Problem problem;

  public ObjectAccessException(Problem problem, String what, Throwable cause) {
    super(what + ": " + problem, cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
