package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.load.Fleet.Load;
import io.aihub.benchmark.load.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether leasing and settling stays as fast as it is in the first minute. */
final class SteadyBenchmark {

  private static final String TAG = "steady";
  private static final int CAPACITY = 10;
  private static final int MINUTE = 60;
  private static final long LINES_A_MINUTE = 5_000_000; // more than it can do

  private SteadyBenchmark() {}

  static void run() throws Exception {
    int minutes = (int) Options.number("minutes", 10);
    long lines = Options.number("lines", LINES_A_MINUTE * (minutes + 2));
    try (Scene scene = new Scene("steady")) {
      scene.start();
      Fleet fleet = scene.fleet();
      scene.addWorkers(fleet, TAG, (int) Options.number("workers", 16));
      System.out.printf("An index of %,d lines is read%n", lines);
      scene.awaitRead(scene.task(TAG, lines).id(), Duration.ofMinutes(30));
      WarmUp.of(fleet, CAPACITY, Options.number("warmup", 180));
      List<Double> speeds = new ArrayList<>();
      for (int minute = 1; minute <= minutes; minute++) {
        Scene.Cpu before = scene.cpu(fleet.pid());
        Run run = WarmUp.require(fleet.run(Load.of(MINUTE, CAPACITY)));
        Scene.Cpu cpu = scene.cpu(fleet.pid()).since(before);
        speeds.add(run.linesPerSecond());
        System.out.printf(
            Locale.ROOT,
            "Minute %2d: %,.0f lines/s, p99 %.1f ms, CPU ms a line %.4f, database %.0f MB; others had"
                + " %.0f%% of a CPU%n",
            minute,
            run.linesPerSecond(),
            run.p99Millis(),
            (cpu.server() + cpu.postgres()) / run.lines(),
            scene.query("select pg_database_size(current_database())") / 1e6,
            cpu.others() / run.seconds() / 10);
      }
      new Figures("steady")
          .add("last_to_first", speeds.get(minutes - 1) / speeds.get(0), 3)
          .add("first_lines_per_s", speeds.get(0), 0)
          .add("last_lines_per_s", speeds.get(minutes - 1), 0)
          .add("minutes", minutes)
          .print();
    }
  }
}
