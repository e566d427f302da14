package io.aihub.client.wire;

import java.util.Locale;

/** What became of one request, for the failure log. Thread-safe. */
public final class Sent {

  private static final int MAX_URL = 500;

  private final int number;
  private final String method;
  private final String url;
  private final long begun = System.nanoTime();
  private int status = -1;
  private Trouble trouble;
  private String detail;
  private String retryAfter;
  private long nanos = -1;
  private long told;

  Sent(int number, String method, String url) {
    this.number = number;
    this.method = method;
    this.url = url.length() <= MAX_URL ? url : url.substring(0, MAX_URL) + "…";
  }

  /** Its number among the requests of its script. */
  public int number() {
    return number;
  }

  /**
   * The head of an answer is there, so what went wrong before it, while sending, counts no more.
   *
   * @param retryAfterHeader null where it has none
   */
  public synchronized void answered(int code, String retryAfterHeader) {
    trouble = null;
    status = code;
    retryAfter = retryAfterHeader;
    nanos = nanosSoFar();
    told = System.nanoTime();
  }

  /** It failed; what it failed of first is what counts. */
  public synchronized void failed(Trouble kind, String text) {
    if (trouble != null) {
      return;
    }
    trouble = kind;
    detail = text;
    nanos = nanosSoFar();
    told = System.nanoTime();
  }

  /** How long it has been under way by now. */
  long nanosSoFar() {
    return System.nanoTime() - begun;
  }

  /** All of the answer is there. */
  public synchronized void completed() {
    nanos = nanosSoFar();
  }

  /** Status of the answer; -1 where none came. */
  public synchronized int status() {
    return status;
  }

  /** What it failed of; null where it didn't. */
  public synchronized Trouble trouble() {
    return trouble;
  }

  /** Whether an answer that is no success came, or none. */
  public synchronized boolean isFailure() {
    return trouble != null || status >= 400;
  }

  /** Whether it failed while the other one was under way already: a script may have threads. */
  public synchronized boolean failedBeside(Sent other) {
    return isFailure() && told - other.begun > 0;
  }

  /** The answer's Retry-After header, or null. */
  public synchronized String retryAfter() {
    return retryAfter;
  }

  /** For people: {@code GET http://host/path: 404 after 12 ms}. */
  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder(method).append(' ').append(url).append(": ");
    if (status >= 0) {
      text.append(status);
    }
    if (trouble != null) {
      text.append(status >= 0 ? ", then " : "").append(name(trouble));
      if (detail != null && trouble != Trouble.CONNECT_TIMEOUT && trouble != Trouble.READ_TIMEOUT) {
        text.append(" (").append(detail).append(')');
      }
    }
    if (status < 0 && trouble == null) {
      text.append("no answer yet");
    }
    long soFar = nanos >= 0 ? nanos : nanosSoFar();
    return text.append(" after ").append(soFar / 1_000_000).append(" ms").toString();
  }

  private static String name(Trouble trouble) {
    return trouble == Trouble.DNS || trouble == Trouble.TLS
        ? trouble.name()
        : trouble.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
