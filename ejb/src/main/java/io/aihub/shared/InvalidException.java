package io.aihub.shared;

/** An input value breaks a rule; the exception names the field. */
public class InvalidException extends BusinessException {

  private static final long serialVersionUID = 1L;

  /**
   * @param field the field as the sender wrote it, for example {@code indexAddress}
   * @param code key of the text in the {@code errors} bundle
   */
  public InvalidException(String field, String code, Object... arguments) {
    super(Kind.INVALID, field, code, arguments);
  }
}
