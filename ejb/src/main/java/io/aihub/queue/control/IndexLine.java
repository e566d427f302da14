package io.aihub.queue.control;

/**
 * A line of an index as it was read.
 *
 * @param text without its terminator; of a line that cannot be used only the beginning, with
 *     replacement characters for what is not text
 */
public record IndexLine(Kind kind, String text) {

  /** What can be done with it. */
  public enum Kind {
    USABLE,
    BLANK,
    TOO_LONG,
    NOT_TEXT
  }

  /** The longest line, in bytes and without its terminator. */
  public static final int MAX_BYTES = 64 * 1024;
}
