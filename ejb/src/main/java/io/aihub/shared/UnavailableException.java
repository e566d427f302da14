package io.aihub.shared;

/**
 * Something that this server depends on (storage, say) does not answer now; the same request may
 * succeed later.
 */
public class UnavailableException extends BusinessException {

  private static final long serialVersionUID = 1L;

  public UnavailableException(String code, Object... arguments) {
    super(Kind.UNAVAILABLE, null, code, arguments);
  }
}
