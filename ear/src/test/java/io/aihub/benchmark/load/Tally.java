package io.aihub.benchmark.load;

import java.util.Map;
import java.util.TreeMap;

/** What happened in one run. */
final class Tally {

  private final Latencies settles = new Latencies();
  private final Latencies polls = new Latencies();
  private final Map<String, Long> linesOfGroup = new TreeMap<>();
  private long lines;
  private long cycles;
  private long leases;
  private long idle;
  private long errors;
  private String firstError = "";

  void settled(String group, int count, long nanos) {
    lines += count;
    cycles++;
    settles.add(nanos);
    linesOfGroup.merge(group, (long) count, Long::sum);
  }

  void leased(long nanos) {
    leases++;
    polls.add(nanos);
  }

  void idle(long nanos) {
    idle++;
    polls.add(nanos);
  }

  void failed(String what) {
    errors++;
    if (firstError.isEmpty()) {
      firstError = what;
    }
  }

  long lines() {
    return lines;
  }

  String firstError() {
    return firstError;
  }

  /** One line of {@code name=value} words. */
  String words(double seconds) {
    return String.format(
        java.util.Locale.ROOT,
        "seconds=%.3f lines=%d cycles=%d leases=%d idle=%d errors=%d p50_ms=%.2f p99_ms=%.2f"
            + " poll_p50_ms=%.2f poll_p99_ms=%.2f groups=%d least_lines=%d",
        seconds,
        lines,
        cycles,
        leases,
        idle,
        errors,
        settles.percentile(0.50),
        settles.percentile(0.99),
        polls.percentile(0.50),
        polls.percentile(0.99),
        linesOfGroup.size(),
        linesOfGroup.values().stream().mapToLong(Long::longValue).min().orElse(0));
  }
}
