package io.aihub.benchmark.load;

/** How long calls took, to ten microseconds and up to ten seconds. */
final class Latencies {

  private static final int STEP_MICROS = 10;

  private final int[] counts = new int[1_000_000];
  private long count;

  void add(long nanos) {
    long index = nanos / 1_000 / STEP_MICROS;
    counts[(int) Math.min(index, counts.length - 1)]++;
    count++;
  }

  /** Milliseconds within which a share of all calls were answered; 0 where there were none. */
  double percentile(double share) {
    long wanted = (long) Math.ceil(count * share);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return (i + 1) * STEP_MICROS / 1000.0;
      }
    }
    return 0;
  }
}
