package io.aihub.shared;

/** The request is well formed, but what it is about is in another state by now. */
public class ConflictException extends BusinessException {

  private static final long serialVersionUID = 1L;

  public ConflictException(String code, Object... arguments) {
    super(Kind.CONFLICT, null, code, arguments);
  }

  public ConflictException(Reason reason) {
    super(Kind.CONFLICT, null, reason);
  }
}
