package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.load.Fleet.Load;
import io.aihub.benchmark.load.Run;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Waiting;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a cycle of settling and leasing costs in a task of few lines on an empty database, and in
 * one of many lines at its beginning, middle and end; and how large the database gets.
 */
final class GrowthBenchmark {

  private static final String SMALL_TAG = "small";
  private static final String LARGE_TAG = "large";
  private static final int CAPACITY = 10;
  private static final int DRAIN_CAPACITY = 1000;
  private static final Duration LIMIT = Duration.ofMinutes(60);
  private static final String SIZE = "select pg_database_size(current_database())";

  private final long lines = Options.number("lines", 100_000_000);
  private final long few = 100_000;
  private final int rounds = (int) Options.number("rounds", 5);
  private final int workers = (int) Options.number("workers", 16);
  private double largest;

  private GrowthBenchmark() {}

  static void run() throws Exception {
    new GrowthBenchmark().measure();
  }

  private void measure() throws Exception {
    try (Scene scene = new Scene("growth")) {
      scene.start();
      Fleet fleet = scene.fleet();
      scene.addWorkers(fleet, SMALL_TAG, workers);
      scene.addWorkers(fleet, LARGE_TAG, workers);
      warmUp(scene, fleet);
      List<Double> small = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        small.add(smallTask(scene, fleet));
      }
      final double before = scene.query(SIZE);

      TaskView task = scene.task(LARGE_TAG, lines);
      scene.awaitRead(task.id(), LIMIT);
      say(scene, "the index is read");
      List<Double> large = new ArrayList<>();
      List<Double> beside = new ArrayList<>();
      long spare = lines / 50; // workers take more than is drained: what they hold at each pause
      long portion = (lines - rounds * 3L * few - spare) / 2;
      for (int point = 0; point < 3; point++) {
        if (point > 0) {
          drain(scene, fleet, portion - few);
        }
        for (int round = 0; round < rounds; round++) {
          large.add(cost(scene, fleet, LARGE_TAG));
          beside.add(smallTask(scene, fleet));
        }
        System.out.printf(
            Locale.ROOT,
            "CPU ms a cycle of %d lines, at point %d: %.3f; in small tasks beside it: %.3f%n",
            CAPACITY,
            point,
            lately(large),
            lately(beside));
      }
      double running = largest;
      drain(scene, fleet, lines);
      double after = settledSize(scene);
      new Figures("growth")
          .add("cost_ratio", Median.of(large) / Median.of(small), 3)
          .add("cost_ratio_beside", Median.of(large) / Median.of(beside), 3)
          .add("mb_per_million", (after - before) / 1e6 / (lines / 1e6), 3)
          .add("mb_beside", (Math.max(running, largest) - after) / 1e6, 1)
          .add("cycle_cpu_ms_small", Median.of(small), 3)
          .add("cycle_cpu_ms_large", Median.of(large), 3)
          .add("lines", lines)
          .print();
    }
  }

  private double lately(List<Double> costs) {
    return Median.of(costs.subList(costs.size() - rounds, costs.size()));
  }

  private void warmUp(Scene scene, Fleet fleet) throws IOException {
    TaskView task = scene.task(SMALL_TAG, 100 * few);
    scene.awaitRead(task.id(), LIMIT);
    WarmUp.of(fleet, CAPACITY, Options.number("warmup", 180), SMALL_TAG);
    scene.cancel(task);
  }

  /** The cost of a cycle in a task of few lines that has just been read. */
  private double smallTask(Scene scene, Fleet fleet) throws IOException, SQLException {
    TaskView task = scene.task(SMALL_TAG, few);
    scene.awaitRead(task.id(), LIMIT);
    double cost = cost(scene, fleet, SMALL_TAG);
    scene.cancel(task);
    return cost;
  }

  /**
   * CPU of server and database in milliseconds for a call that settles and leases, with its share
   * of the manifest: what was settled before is closed before, and what is settled now is closed
   * too.
   */
  private double cost(Scene scene, Fleet fleet, String tag) throws IOException, SQLException {
    awaitNone(scene, "segment where state = 'SETTLED'");
    scene.execute("vacuum");
    scene.execute("checkpoint");
    Scene.Cpu start = scene.cpu(fleet.pid());
    Run run = fleet.run(Load.of(LIMIT.toSeconds(), CAPACITY).by(tag).untilLines(few * 4 / 5));
    awaitNone(scene, "segment where state = 'SETTLED'");
    Scene.Cpu cpu = scene.cpu(fleet.pid()).since(start);
    watch(scene);
    return (cpu.server() + cpu.postgres()) / run.cycles();
  }

  private void drain(Scene scene, Fleet fleet, long count) throws IOException, SQLException {
    long left = count;
    while (left > 0) {
      long part = Math.min(left, 2_000_000);
      Run run =
          fleet.run(
              Load.of(LIMIT.toSeconds(), DRAIN_CAPACITY)
                  .by(LARGE_TAG)
                  .untilLines(part)
                  .untilIdle());
      watch(scene);
      left = run.lines() < part ? 0 : left - run.lines();
    }
    say(scene, "%,d lines more are settled".formatted(count));
  }

  private void watch(Scene scene) throws SQLException {
    largest = Math.max(largest, scene.query(SIZE));
  }

  private static void say(Scene scene, String what) throws SQLException {
    System.out.printf(Locale.ROOT, "%s; database %.1f MB%n", what, scene.query(SIZE) / 1e6);
  }

  /** The size when every task is completed and autovacuum could do its work. */
  private static double settledSize(Scene scene) throws SQLException {
    awaitNone(scene, "download_task where state = 'IN_PROGRESS'");
    scene.execute("vacuum");
    return scene.query(SIZE);
  }

  private static void awaitNone(Scene scene, String rows) {
    Waiting.until(
        "there is no " + rows,
        LIMIT,
        () -> {
          try {
            return scene.query("select count(*) from " + rows) == 0;
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
