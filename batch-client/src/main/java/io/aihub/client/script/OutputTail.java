package io.aihub.client.script;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes written to it. Thread-safe. */
final class OutputTail extends OutputStream {

  private final byte[] ring;
  private long written;

  /**
   * Keeps nothing yet.
   *
   * @param capacity how many bytes it keeps
   */
  OutputTail(int capacity) {
    ring = new byte[capacity];
  }

  @Override
  public synchronized void write(int b) {
    ring[(int) (written++ % ring.length)] = (byte) b;
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    int skipped = Math.max(0, length - ring.length);
    written += skipped;
    int from = offset + skipped;
    int left = length - skipped;
    while (left > 0) {
      int at = (int) (written % ring.length);
      int count = Math.min(left, ring.length - at);
      System.arraycopy(bytes, from, ring, at, count);
      written += count;
      from += count;
      left -= count;
    }
  }

  synchronized void clear() {
    written = 0;
  }

  /** What it keeps, as {@link PlainText}; null where nothing was written. */
  synchronized String text() {
    if (written == 0) {
      return null;
    }
    int length = (int) Math.min(written, ring.length);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((written - length + i) % ring.length)];
    }
    return PlainText.of(new String(bytes, StandardCharsets.UTF_8));
  }
}
