package io.aihub.shared;

import jakarta.ejb.ApplicationException;
import java.util.List;
import java.util.Locale;

/**
 * A request that cannot be granted for a reason its sender can understand and act on. The
 * {@linkplain #code() code} is the key of its text in the {@code errors} bundle, so that REST, SOAP
 * and the pages say the same thing, each in its user's language.
 */
@ApplicationException(rollback = true, inherited = true)
public abstract class BusinessException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What the sender can do about it; protocols map each kind to a status of their own. */
  public enum Kind {
    NOT_FOUND,
    CONFLICT,
    INVALID,
    FORBIDDEN,
    UNAVAILABLE
  }

  private final Kind kind;
  private final Reason reason;
  private final String field;

  protected BusinessException(Kind kind, String field, String code, Object... arguments) {
    this(kind, field, Reason.of(code, arguments));
  }

  protected BusinessException(Kind kind, String field, Reason reason) {
    this.kind = kind;
    this.field = field;
    this.reason = reason;
  }

  public Kind kind() {
    return kind;
  }

  /** The stable name of this error, for programs; for example {@code task.name.invalid}. */
  public String code() {
    return reason.code();
  }

  public List<String> arguments() {
    return reason.arguments();
  }

  public Reason reason() {
    return reason;
  }

  /** The name of the offending input field, or null where no single field is to blame. */
  public String field() {
    return field;
  }

  /** The text for people in {@code locale}; falls back to English. */
  public String message(Locale locale) {
    return reason.message(locale);
  }

  /** The English text, for logs. */
  @Override
  public String getMessage() {
    return reason.message(Locale.ENGLISH);
  }
}
