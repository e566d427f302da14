package io.aihub.shared;

import java.util.List;

/** Input values break rules; the exception names each field, and the first one as its own. */
public class InvalidException extends BusinessException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialised: callers are in the same process
  private final List<FieldError> errors;

  /**
   * @param field the field as the sender wrote it, for example {@code indexAddress}
   * @param code key of the text in the {@code errors} bundle
   */
  public InvalidException(String field, String code, Object... arguments) {
    super(Kind.INVALID, field, code, arguments);
    this.errors = List.of(new FieldError(field, reason()));
  }

  /**
   * Several at once.
   *
   * @param errors not empty
   */
  public InvalidException(List<FieldError> errors) {
    super(Kind.INVALID, errors.get(0).field(), errors.get(0).reason());
    this.errors = List.copyOf(errors);
  }

  /** Every field that breaks a rule, in the order they were looked at; never empty. */
  public List<FieldError> errors() {
    return errors;
  }
}
