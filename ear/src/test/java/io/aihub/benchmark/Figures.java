package io.aihub.benchmark;

import java.util.Locale;

/** The last line of a benchmark, for programs: {@code BENCHMARK name figure=value …}. */
final class Figures {

  private final StringBuilder line;

  Figures(String benchmark) {
    line = new StringBuilder("BENCHMARK ").append(benchmark);
  }

  /**
   * @param decimals digits after the point
   */
  Figures add(String name, double value, int decimals) {
    line.append(' ').append(name).append('=');
    line.append(String.format(Locale.ROOT, "%." + decimals + "f", value));
    return this;
  }

  Figures add(String name, long value) {
    line.append(' ').append(name).append('=').append(value);
    return this;
  }

  void print() {
    System.out.println(line);
  }
}
