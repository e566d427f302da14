package io.aihub.benchmark.storage;

import java.nio.charset.StandardCharsets;

/** The bytes of an index file that nobody stores: lines of one length, each with its number. */
final class SyntheticIndex {

  static final int LINE_BYTES = 100; // with its line feed

  private static final int DIGITS = 10;
  private static final String HEAD = "https://images.example.org/collections/2026/";
  private static final String MIDDLE = "/original.jpg|==|/2026/";
  private static final byte[] TEMPLATE = template();

  private SyntheticIndex() {}

  private static byte[] template() {
    String line = HEAD + "0".repeat(DIGITS) + MIDDLE + "0".repeat(DIGITS);
    String end = ".jpg\n";
    String padding = "x".repeat(LINE_BYTES - line.length() - end.length());
    return (line + padding + end).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes bytes of the index.
   *
   * @param from position in the index of the first byte; with {@code length} it is a whole number
   *     of lines where the caller wants speed, any number where not
   */
  static void read(long from, byte[] buffer, int length) {
    int done = 0;
    while (done < length) {
      long line = (from + done) / LINE_BYTES;
      int offset = (int) ((from + done) % LINE_BYTES);
      if (offset == 0 && length - done >= LINE_BYTES) {
        write(line + 1, buffer, done);
        done += LINE_BYTES;
      } else {
        byte[] whole = new byte[LINE_BYTES];
        write(line + 1, whole, 0);
        int part = Math.min(LINE_BYTES - offset, length - done);
        System.arraycopy(whole, offset, buffer, done, part);
        done += part;
      }
    }
  }

  private static void write(long number, byte[] buffer, int at) {
    System.arraycopy(TEMPLATE, 0, buffer, at, LINE_BYTES);
    int first = at + HEAD.length();
    int second = first + DIGITS + MIDDLE.length();
    long rest = number;
    for (int digit = DIGITS - 1; digit >= 0; digit--) {
      byte character = (byte) ('0' + rest % 10);
      buffer[first + digit] = character;
      buffer[second + digit] = character;
      rest /= 10;
    }
  }
}
