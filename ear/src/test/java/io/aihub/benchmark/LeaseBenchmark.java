package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.load.Fleet.Load;
import io.aihub.benchmark.load.Run;
import io.aihub.benchmark.rival.DbSchedulerQueue;
import io.aihub.benchmark.rival.JobRunrQueue;
import io.aihub.benchmark.rival.Rival;
import io.aihub.benchmark.rival.RivalDatabase;
import io.aihub.benchmark.rival.RowQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What leasing and settling costs through the HTTP API with a token for every call, and beside it
 * what queues with a row a line do on the same PostgreSQL without HTTP. Rounds of ours and of the
 * row queue alternate; all else in the run is the same.
 */
final class LeaseBenchmark {

  private static final String TAG = "lease";
  private static final int SMALL = 10;
  private static final int LARGE = 100;

  private final int rounds = (int) Options.number("rounds", 5);
  private final long seconds = Options.number("seconds", 6);
  private final long warmUp = Options.number("warmup", 180);
  private final int workers = (int) Options.number("workers", 16);
  private final boolean rivals = Options.is("rivals", true);
  private final boolean lookUps = Options.is("lookup", true);
  private final long lines = Options.number("lines", 40_000_000);

  private final Map<Integer, List<Round>> ours = new LinkedHashMap<>();
  private final Map<String, List<Round>> theirs = new LinkedHashMap<>();

  /** One round: how fast, and the CPU of those who did it. */
  private record Round(double linesPerSecond, double cpuMillisALine, Run run) {}

  private LeaseBenchmark() {}

  static void run() throws Exception {
    new LeaseBenchmark().measure();
  }

  private void measure() throws Exception {
    try (Scene scene = new Scene("lease")) {
      scene.start();
      Fleet fleet = scene.fleet();
      scene.addWorkers(fleet, TAG, workers);
      System.out.printf("An index of %,d lines is read%n", lines);
      scene.awaitRead(scene.task(TAG, lines).id(), Duration.ofMinutes(30));
      System.out.println("Successes are not looked up in storage (aihub.queue.verify-uploads).");
      WarmUp.of(fleet, SMALL, warmUp);
      WarmUp.of(fleet, LARGE, warmUp / 4);
      RivalDatabase database = rivals ? new RivalDatabase(scene.testbed().postgres()) : null;
      Rival row = rivals ? new RowQueue(database) : null;
      if (rivals) {
        round(scene, row);
        theirs.clear(); // it was cold
      }
      for (int round = 1; round <= rounds; round++) {
        System.out.println("Round " + round);
        ours(scene, fleet, SMALL);
        if (rivals) {
          round(scene, row);
        }
        ours(scene, fleet, LARGE);
      }
      if (rivals) {
        row.close();
        once(scene, new DbSchedulerQueue(database));
        once(scene, new JobRunrQueue(database));
      }
      double lookedUp = lookUps ? LookUps.linesPerSecond(scene, workers, rounds, seconds) : 0;
      report(lookedUp);
    }
  }

  private void ours(Scene scene, Fleet fleet, int capacity) throws IOException {
    Scene.Cpu before = scene.cpu(fleet.pid());
    Run run = fleet.run(Load.of(seconds, capacity));
    Scene.Cpu cpu = scene.cpu(fleet.pid()).since(before);
    WarmUp.require(run);
    double lines = run.lines();
    Round round = new Round(run.linesPerSecond(), (cpu.server() + cpu.postgres()) / lines, run);
    ours.computeIfAbsent(capacity, key -> new ArrayList<>()).add(round);
    System.out.printf(
        Locale.ROOT,
        "  ours, %3d a lease %,9.0f lines/s; %,6.0f calls/s, p50 %.1f ms, p99 %.1f ms; CPU ms a line:"
            + " server %.4f, PostgreSQL %.4f, load %.4f; others had %.0f%% of a CPU%n",
        capacity,
        run.linesPerSecond(),
        run.cycles() / run.seconds(),
        run.p50Millis(),
        run.p99Millis(),
        cpu.server() / lines,
        cpu.postgres() / lines,
        cpu.load() / lines,
        cpu.others() / run.seconds() / 10);
  }

  /** A cold round and one that counts. */
  private void once(Scene scene, Rival rival) throws Exception {
    round(scene, rival);
    theirs.remove(rival.name());
    round(scene, rival);
    rival.close();
  }

  private void round(Scene scene, Rival rival) throws Exception {
    rival.fill((int) (rival.mostJobsPerSecond() * (seconds + 1)));
    long self = ProcessHandle.current().pid();
    Scene.Cpu before = scene.cpu(self);
    Rival.Work work = rival.work(seconds);
    Scene.Cpu cpu = scene.cpu(self).since(before);
    theirs
        .computeIfAbsent(rival.name(), key -> new ArrayList<>())
        .add(new Round(work.linesPerSecond(), (cpu.load() + cpu.postgres()) / work.lines(), null));
    System.out.printf(
        Locale.ROOT,
        "  %-17s %,9.0f lines/s; CPU ms a line: its JVM %.4f, PostgreSQL %.4f; others had %.0f%% of"
            + " a CPU%n",
        rival.name(),
        work.linesPerSecond(),
        cpu.load() / work.lines(),
        cpu.postgres() / work.lines(),
        cpu.others() / work.seconds() / 10);
  }

  private void report(double lookedUp) {
    Figures figures = new Figures("lease");
    double row = speed(theirs.get("row_queue"));
    if (row > 0) {
      figures.add("ratio_10", speed(ours.get(SMALL)) / row, 2);
      figures.add("ratio_100", speed(ours.get(LARGE)) / row, 2);
    }
    for (int capacity : ours.keySet()) {
      List<Round> done = ours.get(capacity);
      figures
          .add("lines_per_s_" + capacity, speed(done), 0)
          .add("p50_ms_" + capacity, median(done, round -> round.run().p50Millis()), 1)
          .add("p99_ms_" + capacity, median(done, round -> round.run().p99Millis()), 1);
    }
    figures
        .add("cpu_ms_a_line", median(ours.get(SMALL), Round::cpuMillisALine), 4)
        .add("cpu_ms_a_line_100", median(ours.get(LARGE), Round::cpuMillisALine), 4);
    theirs.forEach((name, done) -> figures.add(name + "_lines_per_s", speed(done), 0));
    if (lookUps) {
      figures.add("with_lookup_lines_per_s", lookedUp, 0);
    }
    figures.print();
  }

  private static double speed(List<Round> rounds) {
    return rounds == null ? 0 : median(rounds, Round::linesPerSecond);
  }

  private static double median(
      List<Round> rounds, java.util.function.ToDoubleFunction<Round> figure) {
    return Median.of(rounds.stream().map(figure::applyAsDouble).toList());
  }
}
