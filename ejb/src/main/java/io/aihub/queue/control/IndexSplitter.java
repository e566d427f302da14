package io.aihub.queue.control;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts an index into segments as its bytes pass by. Looks for line feeds only and keeps no bytes,
 * so the length of a line does not matter. The first segments are small, so that the first workers
 * find lines early and each a segment of its own.
 */
final class IndexSplitter {

  static final int MAX_LINES = 10_000;
  static final long MAX_BYTES = 8L << 20;
  private static final int FIRST_LINES = 250;
  private static final int SEGMENTS_OF_A_SIZE = 4;
  private static final long LONG_LINE = IndexLine.MAX_BYTES + 2L; // with CR and LF

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LINE_FEEDS = 0x0a0a_0a0a_0a0a_0a0aL;
  private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

  private final List<NewSegment> finished = new ArrayList<>();
  private int segments; // finished so far, in all
  private long position; // of the next byte
  private long lineStart;
  private long lineNumber; // of the line that begins at lineStart
  private long segmentStart;
  private long segmentFirstLine;

  /** A run of whole lines. */
  record NewSegment(int no, long byteOffset, long byteLength, long firstLine, int lineCount) {}

  /** Goes on after what has been recorded. */
  IndexSplitter(long position, long lines, int segments) {
    this.position = position;
    this.lineStart = position;
    this.segmentStart = position;
    this.lineNumber = lines + 1;
    this.segmentFirstLine = lineNumber;
    this.segments = segments;
  }

  void add(byte[] bytes, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long found = lineFeeds((long) WORDS.get(bytes, i));
      for (; found != 0; found &= found - 1) {
        endLine(position + i + Long.numberOfTrailingZeros(found) / Byte.SIZE + 1);
      }
    }
    for (; i < length; i++) {
      if (bytes[i] == '\n') {
        endLine(position + i + 1);
      }
    }
    position += length;
  }

  /** The highest bit of each byte that is a line feed: eight bytes are looked at together. */
  private static long lineFeeds(long word) {
    long others = word ^ LINE_FEEDS; // zero where there is one
    return ~(((others & LOW_BITS) + LOW_BITS) | others | LOW_BITS);
  }

  /** No more bytes will come; a last line without a line feed counts. */
  void end() {
    if (position > lineStart) {
      endLine(position);
    }
    endSegment();
  }

  private void endLine(long end) {
    boolean isLong = end - lineStart > LONG_LINE + 1;
    if (isLong || end - segmentStart > MAX_BYTES) {
      endSegment();
    }
    lineStart = end;
    lineNumber++;
    if (isLong || lineNumber - segmentFirstLine >= linesWanted()) {
      endSegment();
    }
  }

  private int linesWanted() {
    int doublings = Math.min(segments / SEGMENTS_OF_A_SIZE, 10);
    return Math.min(MAX_LINES, FIRST_LINES << doublings);
  }

  /** Ends the segment before the line that is being read. */
  private void endSegment() {
    if (lineStart > segmentStart) {
      finished.add(
          new NewSegment(
              ++segments,
              segmentStart,
              lineStart - segmentStart,
              segmentFirstLine,
              Math.toIntExact(lineNumber - segmentFirstLine)));
      segmentStart = lineStart;
      segmentFirstLine = lineNumber;
    }
  }

  /** Hands over the segments that were finished since the last call. */
  List<NewSegment> takeFinished() {
    List<NewSegment> taken = List.copyOf(finished);
    finished.clear();
    return taken;
  }

  int finishedCount() {
    return finished.size();
  }
}
