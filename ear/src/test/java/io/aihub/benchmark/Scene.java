package io.aihub.benchmark;

import io.aihub.benchmark.load.Fleet;
import io.aihub.benchmark.storage.SyntheticStorage;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TaskType;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The real server on the real PostgreSQL, which syncs its commits to disk, with a storage that
 * makes index files up; and a process that plays the workers.
 */
final class Scene implements AutoCloseable {

  private static final String PASSWORD = "benchmark";
  private static final String SCRIPT = "def download(line, output_local_dir):\n    return None\n";
  private static final int WORKERS_A_MACHINE = 4;

  private final Testbed testbed;
  private final SyntheticStorage storage;
  private final List<Fleet> fleets = new ArrayList<>();
  private Submission people;
  private String script;
  private int tasks;
  private int machines;

  Scene(String name) throws IOException {
    testbed =
        new Testbed(Testbed.buildFolder().resolve("benchmark-" + name), Testbed.Options.anyPorts());
    storage = new SyntheticStorage();
    testbed
        .server()
        .with("aihub.storage.endpoint", storage.endpoint())
        .with("aihub.queue.verify-uploads", false)
        .with("aihub.queue.poll-seconds", 1);
  }

  Testbed testbed() {
    return testbed;
  }

  SyntheticStorage storage() {
    return storage;
  }

  void start() throws IOException {
    System.out.println("Starting PostgreSQL and the server (" + testbed.folder() + ")");
    testbed.postgres().start();
    testbed.server().start();
    people = Submission.withPeople(testbed, PASSWORD);
    script = people.submitter().uploadScript("benchmark.py", SCRIPT).sha256();
  }

  Api submitter() {
    return people.submitter();
  }

  /** Starts a process that plays workers; it ends with the scene. */
  Fleet fleet() throws IOException {
    Fleet fleet =
        new Fleet(
            URI.create(testbed.server().url()).getPort(), testbed.logs().resolve("fleet.log"));
    fleets.add(fleet);
    return fleet;
  }

  /** Adds workers of a tag, four a machine, to the group of the tag's name. */
  void addWorkers(Fleet fleet, String tag, int count) {
    for (int worker = 0; worker < count; worker += WORKERS_A_MACHINE) {
      String token = token(tag);
      for (int i = worker; i < Math.min(count, worker + WORKERS_A_MACHINE); i++) {
        fleet.add(tag, token);
      }
    }
  }

  /** Submits a task on an index of so many lines and has it approved. */
  TaskView task(String tag, long lines) {
    return approve(submit(tag, SyntheticStorage.index(Testbed.INDEX_BUCKET, lines)));
  }

  /**
   * Submits a task.
   *
   * @param index address of its index
   */
  TaskView submit(String tag, String index) {
    String name = "benchmark-" + ++tasks;
    return people
        .submitter()
        .createTask(
            new NewTask(
                name,
                Priority.LOW,
                Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS),
                TaskType.DATA_DOWNLOAD,
                null,
                people.receiverName(),
                tag,
                index,
                null,
                name,
                "benchmark",
                script,
                null,
                null,
                null,
                null,
                null));
  }

  TaskView approve(TaskView task) {
    return people.receiver().act(task.id(), "approve", "benchmark");
  }

  void cancel(TaskView task) {
    people.submitter().act(task.id(), "cancel", "benchmark");
  }

  /** The token of a new machine. */
  String token(String tag) {
    return testbed.admin().createMachine("m" + ++machines, tag).token();
  }

  void awaitRead(long taskId, Duration limit) {
    people.await(taskId, "its index is read", limit, detail -> detail.ledger().indexRead());
  }

  /** A figure from the database. */
  double query(String sql) throws SQLException {
    try (Connection connection = testbed.postgres().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = testbed.postgres().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** CPU taken so far, in milliseconds. */
  record Cpu(double server, double postgres, double load, double machine) {

    Cpu since(Cpu before) {
      return new Cpu(
          server - before.server,
          postgres - before.postgres,
          load - before.load,
          machine - before.machine);
    }

    /** What neither server, nor database, nor load generator, nor this process had. */
    double others() {
      return Math.max(0, machine - server - postgres - load);
    }
  }

  /**
   * @param load process of the load generator
   */
  Cpu cpu(long load) {
    return new Cpu(
        CpuMeter.of(testbed.server().process().pid()),
        CpuMeter.ofTree(testbed.postgres().pid()),
        CpuMeter.of(load),
        CpuMeter.ofMachine());
  }

  @Override
  public void close() throws IOException {
    fleets.forEach(Fleet::close);
    testbed.close();
    storage.close();
  }
}
