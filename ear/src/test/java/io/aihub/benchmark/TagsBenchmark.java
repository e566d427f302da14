package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.load.Fleet.Load;
import io.aihub.benchmark.load.Run;
import io.aihub.task.api.TaskView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Many tasks of many tags at once, and a fleet half of which has nothing to do. The others lease,
 * work for a second and settle.
 */
final class TagsBenchmark {

  private static final int TAGS = 20;
  private static final int TASKS = 200;
  private static final int CLIENTS = 500;
  private static final int PAUSE_MILLIS = 1000;
  private static final int CAPACITY = 10;
  private static final String EMPTY = "empty";
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private TagsBenchmark() {}

  static void run() throws Exception {
    long seconds = Options.number("seconds", 60);
    long lines = Options.number("lines", 100_000); // of each task
    try (Scene scene = new Scene("tags")) {
      scene.start();
      Fleet fleet = scene.fleet();
      int busy = CLIENTS / 2;
      for (int tag = 0; tag < TAGS; tag++) {
        int share = busy * (tag + 1) / TAGS - busy * tag / TAGS;
        scene.addWorkers(fleet, "tag" + tag, share);
      }
      scene.addWorkers(fleet, EMPTY, CLIENTS - busy);
      List<TaskView> tasks = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        tasks.add(scene.task("tag" + i % TAGS, lines));
      }
      for (TaskView task : tasks) {
        scene.awaitRead(task.id(), LIMIT);
      }
      System.out.printf("%d tasks, %d tags, %d clients%n", TASKS, TAGS, CLIENTS);
      WarmUp.of(fleet, CAPACITY, Options.number("warmup", 60), "tag");
      Run run = fleet.run(Load.of(seconds, CAPACITY).pausing(PAUSE_MILLIS));
      System.out.printf(
          Locale.ROOT,
          "%,d settles, p50 %.1f ms, p99 %.1f ms; %,d empty polls, p99 %.1f ms; %d tags got lines, the"
              + " least %,d%n",
          run.cycles(),
          run.p50Millis(),
          run.p99Millis(),
          run.idle(),
          run.pollP99Millis(),
          run.groups(),
          run.leastLines());
      if (run.errors() > 0) {
        throw new IllegalStateException("The fleet was refused: " + run);
      }
      double fair = run.lines() / (double) TAGS;
      Writes writes = idlePolls(scene, fleet);
      new Figures("tags")
          .add("p99_ms", Math.max(run.p99Millis(), run.pollP99Millis()), 1)
          .add("settle_p99_ms", run.p99Millis(), 1)
          .add("poll_p99_ms", run.pollP99Millis(), 1)
          .add("tags_served", run.groups())
          .add("least_to_fair_share", run.leastLines() / fair, 2)
          .add("rows_written_an_idle_poll", writes.rows(), 4)
          .add("wal_bytes_an_idle_poll", writes.walBytes(), 2)
          .print();
    }
  }

  private record Writes(double rows, double walBytes) {}

  /** What polls for nothing write, the server's timers included. */
  private static Writes idlePolls(Scene scene, Fleet fleet) throws Exception {
    // PostgreSQL tells of what was written before with a delay
    fleet.run(Load.of(5, CAPACITY).by(EMPTY).pausing(100));
    scene.execute("checkpoint");
    double rows = scene.query(ROWS_WRITTEN);
    double wal = scene.query(WAL);
    Run polls = fleet.run(Load.of(10, CAPACITY).by(EMPTY).pausing(100));
    rows = scene.query(ROWS_WRITTEN) - rows;
    wal = scene.query(WAL) - wal;
    System.out.printf(
        Locale.ROOT,
        "%,d empty polls: %.0f rows and %.0f bytes of log written in the meantime, p99 %.1f ms%n",
        polls.idle(),
        rows,
        wal,
        polls.pollP99Millis());
    return new Writes(rows / polls.idle(), wal / polls.idle());
  }

  private static final String ROWS_WRITTEN =
      """
      select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables
      """;
  private static final String WAL = "select pg_current_wal_lsn() - '0/0'::pg_lsn";
}
