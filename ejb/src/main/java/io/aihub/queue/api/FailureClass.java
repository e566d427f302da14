package io.aihub.queue.api;

/**
 * Why an attempt at a line failed. The names are part of the wire format, the failure log and the
 * manifest.
 */
public enum FailureClass {
  DNS(true),
  CONNECT(true),
  TIMEOUT(true),
  TLS(true),
  /**
   * A 4xx answer other than 408, 425 and 429, which may pass and count as {@link #TIMEOUT} or
   * {@link #HTTP_429}.
   */
  HTTP_4xx(false),
  HTTP_429(true),
  HTTP_5xx(true),
  /** {@code download} raised something that fits no other class. */
  SCRIPT(true),
  /** {@code download} returned {@code None}, and nothing better is known. */
  RETURNED_NONE(true),
  /** What {@code download} returned is no regular file below the output directory. */
  OUTPUT(false),
  /** The object key is taken by another line's or an earlier task's different bytes. */
  CLASH(false),
  /** The file could not be brought into storage, or is not there as it was reported. */
  UPLOAD(true),
  /** Workers that held the line vanished again and again. */
  LOST(false),
  /** The line is longer than 64 KiB, or is not text in the charset of its index. */
  INDEX(false);

  private final boolean retryable;

  FailureClass(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether another attempt may end better; where not, the first failure is final. */
  public boolean isRetryable() {
    return retryable;
  }
}
