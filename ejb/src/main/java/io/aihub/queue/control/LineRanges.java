package io.aihub.queue.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Line numbers as PostgreSQL's {@code int8multirange} in its text form, like {@code {[1,11)}}. */
final class LineRanges {

  private static final Pattern RANGE = Pattern.compile("\\[(\\d+),(\\d+)\\)");

  private LineRanges() {}

  /** In ranges: as few as can be where the lines are in ascending order. */
  static String text(Collection<Long> lines) {
    StringBuilder text = new StringBuilder("{");
    long first = 0;
    long end = 0; // after the last line of the range that begins with first
    for (long line : lines) {
      if (line != end || end == 0) {
        append(text, first, end);
        first = line;
      }
      end = line + 1;
    }
    append(text, first, end);
    return text.append('}').toString();
  }

  private static void append(StringBuilder text, long first, long end) {
    if (end > 0) {
      text.append(text.length() > 1 ? ",[" : "[").append(first).append(',').append(end).append(')');
    }
  }

  /**
   * The lines, in ascending order.
   *
   * @param text as PostgreSQL writes it
   */
  static List<Long> lines(String text) {
    List<Long> lines = new ArrayList<>();
    RANGE.matcher(text).results().flatMapToLong(LineRanges::lines).forEach(lines::add);
    return lines;
  }

  private static LongStream lines(MatchResult range) {
    return LongStream.range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
  }
}
