package io.aihub.client.server;

/** The server understood the call and refused it; the same call would be refused again. */
public class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  public RefusedException(int status, String code, String detail) {
    super("the server refused with " + status + (code == null ? "" : " " + code) + ": " + detail);
    this.status = status;
    this.code = code;
  }

  public int status() {
    return status;
  }

  /** Whether this is why. */
  boolean isBecause(String why) {
    return why.equals(code);
  }

  /** The machine token isn't accepted (any more). */
  public boolean isTokenRefused() {
    return status == 401;
  }

  /** The lease is not this worker's any more: its lines are, or will be, another's. */
  public boolean isLeaseGone() {
    return code != null && code.startsWith("lease.");
  }
}
