package io.aihub.benchmark;

import java.util.Collection;

/** The middle of some figures. */
final class Median {

  private Median() {}

  /** Of an even number the mean of the two in the middle; 0 of none. */
  static double of(Collection<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return 0;
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
