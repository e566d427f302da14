package io.aihub.client.benchmark;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;

/** What a run spends its time on: each function of hostile.py, and starts of contexts. */
final class HostileCosts {

  private final Map<String, LongSummaryStatistics> byName = new HashMap<>();

  synchronized void add(String name, Duration taken) {
    byName.computeIfAbsent(name, none -> new LongSummaryStatistics()).accept(taken.toMillis());
  }

  /** A line each, with what took most in all first. */
  synchronized List<String> lines() {
    return byName.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().getSum()))
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%-36s %5d times, %8.1f s in all, %6.2f s at most",
                    entry.getKey(),
                    entry.getValue().getCount(),
                    entry.getValue().getSum() / 1000.0,
                    entry.getValue().getMax() / 1000.0))
        .toList();
  }
}
