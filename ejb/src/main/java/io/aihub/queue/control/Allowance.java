package io.aihub.queue.control;

import java.time.Duration;
import java.time.Instant;

/**
 * What is left of a task's limits within one transaction. Lines per second are a token bucket that
 * holds a second's worth, so that no idle time is made up for in a burst.
 */
final class Allowance {

  private final Integer maxLeases;
  private final Integer linesPerSecond;
  private int leases;
  private double lines;

  /**
   * @param maxLeases null for no limit
   * @param linesPerSecond null for no limit
   * @param leases held now
   * @param lines left at {@code refilledAt}
   */
  Allowance(
      Integer maxLeases,
      Integer linesPerSecond,
      int leases,
      double lines,
      Instant refilledAt,
      Instant now) {
    this.maxLeases = maxLeases;
    this.linesPerSecond = linesPerSecond;
    this.leases = leases;
    this.lines = linesPerSecond == null ? 0 : refilled(lines, refilledAt, now);
  }

  private double refilled(double left, Instant refilledAt, Instant now) {
    // clocks of two servers differ: time never runs backwards here
    double seconds = Math.max(0, Duration.between(refilledAt, now).toNanos() / 1e9);
    return Math.min(linesPerSecond, left + seconds * linesPerSecond);
  }

  /** How many of {@code capacity} lines may go into one more lease. */
  int permits(int capacity) {
    if (maxLeases != null && leases >= maxLeases) {
      return 0;
    }
    return linesPerSecond == null ? capacity : (int) Math.min(capacity, lines);
  }

  void leased(int taken) {
    leases++;
    lines -= taken;
  }

  double lines() {
    return lines;
  }
}
