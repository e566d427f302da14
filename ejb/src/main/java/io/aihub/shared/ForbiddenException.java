package io.aihub.shared;

/** The caller is known, but may not do this. */
public class ForbiddenException extends BusinessException {

  private static final long serialVersionUID = 1L;

  public ForbiddenException(String code, Object... arguments) {
    super(Kind.FORBIDDEN, null, code, arguments);
  }
}
