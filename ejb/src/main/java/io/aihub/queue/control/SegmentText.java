package io.aihub.queue.control;

import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.control.IndexLine.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/** The bytes of a segment, and where its lines begin in them. */
public final class SegmentText {

  private static final int PREVIEW_BYTES = 8 * 1024;

  /** What Java puts where bytes are no text. */
  private static final char REPLACEMENT = '\uFFFD';

  private final long firstLine;
  private final Charset charset;
  private final byte[] bytes;
  private final int[] starts; // of each line, and the end of the last

  /**
   * @param lineCount how many lines the bytes must hold
   */
  SegmentText(long firstLine, int lineCount, Charset charset, byte[] bytes) {
    this.firstLine = firstLine;
    this.charset = charset;
    this.bytes = bytes;
    this.starts = starts(bytes, lineCount);
  }

  private static int[] starts(byte[] bytes, int lineCount) {
    int[] starts = new int[lineCount + 1];
    int line = 1;
    for (int i = 0; i < bytes.length && line < lineCount; i++) {
      if (bytes[i] == '\n') {
        starts[line++] = i + 1;
      }
    }
    if (line != lineCount) {
      throw new IllegalStateException("a segment of " + lineCount + " lines has only " + line);
    }
    starts[lineCount] = bytes.length;
    return starts;
  }

  /** Memory it takes. */
  int weight() {
    return bytes.length + 4 * starts.length + 64;
  }

  /**
   * @param number in the index, from 1
   */
  IndexLine line(long number) {
    int index = Math.toIntExact(number - firstLine);
    int from = starts[index];
    int to = starts[index + 1];
    if (to > from && bytes[to - 1] == '\n') {
      to--;
    }
    if (to > from && bytes[to - 1] == '\r') {
      to--;
    }
    if (to - from > IndexLine.MAX_BYTES) {
      return new IndexLine(Kind.TOO_LONG, preview(from, to));
    }
    String text = new String(bytes, from, to - from, charset);
    if (text.indexOf(REPLACEMENT) >= 0 && !isText(from, to)) {
      return new IndexLine(Kind.NOT_TEXT, preview(from, to));
    }
    return new IndexLine(text.isBlank() ? Kind.BLANK : Kind.USABLE, text);
  }

  /** Whether a replacement character stands in the index itself. */
  private boolean isText(int from, int to) {
    try {
      charset.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
      return true;
    } catch (CharacterCodingException notText) {
      return false;
    }
  }

  private String preview(int from, int to) {
    byte[] beginning = Arrays.copyOfRange(bytes, from, Math.min(to, from + PREVIEW_BYTES));
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE)
          .decode(ByteBuffer.wrap(beginning))
          .toString();
    } catch (CharacterCodingException replaced) {
      throw new IllegalStateException(replaced); // never: everything is replaced
    }
  }

  /** A line as it goes to a worker. */
  LeasedLine leased(long number, int attempt) {
    return new LeasedLine(number, attempt, line(number).text());
  }
}
