package io.aihub.queue.control;

import io.aihub.queue.control.SegmentRepository.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Line numbers in ranges, also as PostgreSQL writes an {@code int8multirange}: {@code {[1,11)}}.
 */
final class LineRanges {

  private static final Pattern RANGE = Pattern.compile("\\[(\\d+),(\\d+)\\)");

  private LineRanges() {}

  /**
   * Neighbours in one range: as few as can be where the lines are in ascending order.
   *
   * @param losses how often they were lost by workers
   */
  static List<Range> of(Collection<Long> lines, int losses) {
    List<Range> ranges = new ArrayList<>();
    long first = 0;
    int count = 0;
    for (long line : lines) {
      if (count > 0 && line != first + count) {
        ranges.add(new Range(first, count, losses));
        count = 0;
      }
      if (count == 0) {
        first = line;
      }
      count++;
    }
    if (count > 0) {
      ranges.add(new Range(first, count, losses));
    }
    return ranges;
  }

  /** As PostgreSQL takes them. */
  static String text(Collection<Long> lines) {
    return of(lines, 0).stream()
        .map(range -> "[" + range.firstLine() + "," + range.end() + ")")
        .collect(Collectors.joining(",", "{", "}"));
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
