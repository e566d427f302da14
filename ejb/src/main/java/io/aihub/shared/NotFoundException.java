package io.aihub.shared;

/** What was asked for does not exist, or not any more. */
public class NotFoundException extends BusinessException {

  private static final long serialVersionUID = 1L;

  public NotFoundException(String code, Object... arguments) {
    super(Kind.NOT_FOUND, null, code, arguments);
  }
}
