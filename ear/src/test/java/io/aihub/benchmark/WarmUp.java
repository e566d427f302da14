package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.load.Fleet.Load;
import io.aihub.benchmark.load.Run;
import java.io.IOException;

/**
 * Has the server work until it gets no faster: a Java server compiles what it runs often, and a
 * cold one does a third of what a warm one does.
 */
final class WarmUp {

  private static final long SLICE = 5; // seconds
  private static final int PATIENCE = 3; // slices without a gain
  private static final double GAIN = 1.03;
  private static final long CALLS = 50_000; // before that no server is warm

  private WarmUp() {}

  /**
   * @param limit seconds after which it has to be warm
   */
  static void of(Fleet fleet, int capacity, long limit) throws IOException {
    of(fleet, capacity, limit, "all");
  }

  /**
   * The same with the workers of some groups.
   *
   * @param groups how the names of the groups begin
   */
  static void of(Fleet fleet, int capacity, long limit, String groups) throws IOException {
    double best = 0;
    int idle = 0;
    long slices = 0;
    long calls = 0;
    for (; slices * SLICE < limit && (calls < CALLS || idle < PATIENCE); slices++) {
      Run run = fleet.run(Load.of(SLICE, capacity).by(groups));
      if (run.errors() > 0) {
        throw new IllegalStateException("The fleet was refused, see its log: " + run);
      }
      idle = run.linesPerSecond() > best * GAIN ? 0 : idle + 1;
      calls += run.cycles();
      best = Math.max(best, run.linesPerSecond());
    }
    System.out.printf(
        "Warm after %d s and %,d calls with %d lines a lease: %,.0f lines/s%n",
        slices * SLICE, calls, capacity, best);
  }

  /** Hands a run back in which the fleet was neither refused nor without lines. */
  static Run require(Run run) {
    if (run.errors() > 0 || run.cycles() == 0 || run.idle() > run.cycles() / 100) {
      throw new IllegalStateException(
          "The fleet was refused or ran out of lines, see its log: " + run);
    }
    return run;
  }
}
