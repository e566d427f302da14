package io.aihub.benchmark;

import io.aihub.benchmark.rival.CopyLoad;
import io.aihub.benchmark.rival.RivalDatabase;
import io.aihub.benchmark.storage.SyntheticStorage;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Testbed;
import io.aihub.testbed.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From the approval of a task until its first line can be leased, and until all can; beside it COPY
 * of the same lines into a table with a row a line. The server has the heap of the test bed, 512
 * MiB.
 */
final class IngestBenchmark {

  private static final String TAG = "ingest";
  private static final Duration LIMIT = Duration.ofMinutes(60);

  private final long lines = Options.number("lines", 10_000_000);
  private final int rounds = (int) Options.number("rounds", 5);
  private final boolean rivals = Options.is("rivals", true);
  private final long copied = Math.min(lines, 1_000_000);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Double> speeds = new ArrayList<>();
  private final List<Double> copies = new ArrayList<>();
  private final List<Double> firsts = new ArrayList<>();
  private long peak;

  private IngestBenchmark() {}

  static void run() throws Exception {
    new IngestBenchmark().measure();
  }

  private void measure() throws Exception {
    try (Scene scene = new Scene("ingest")) {
      scene.start();
      CopyLoad copy = rivals ? new CopyLoad(new RivalDatabase(scene.testbed().postgres())) : null;
      System.out.println("Warming up");
      ingest(scene, "warm-up", Math.min(lines, 5_000_000));
      speeds.clear();
      firsts.clear();
      for (int round = 1; round <= rounds; round++) {
        ingest(scene, TAG + round, lines);
        if (copy != null) {
          copies.add(copy.linesPerSecond(copied));
          System.out.printf(Locale.ROOT, "  COPY %,.0f lines/s%n", copies.get(round - 1));
        }
      }
    }
    Figures figures = new Figures("ingest").add("lines_per_s", Median.of(speeds), 0);
    if (!copies.isEmpty()) {
      figures.add("ratio_copy", Median.of(speeds) / Median.of(copies), 2);
    }
    figures
        .add("first_lease_s", firsts.stream().mapToDouble(first -> first).max().orElse(0), 2)
        .add("rss_mb", peak / 1e6, 0)
        .add("lines", lines)
        .print();
  }

  private void ingest(Scene scene, String tag, long count)
      throws IOException, InterruptedException, SQLException {
    HttpRequest lease =
        HttpRequest.newBuilder(URI.create(scene.testbed().server().url() + "/api/leases"))
            .header("Authorization", "Bearer " + scene.token(tag))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"capacity\":10,\"worker\":\"first\"}"))
            .build();
    TaskView task = scene.submit(tag, SyntheticStorage.index(Testbed.INDEX_BUCKET, count));
    Scene.Cpu before = scene.cpu(ProcessHandle.current().pid());
    long rss = scene.testbed().server().process().residentBytes();
    long start = System.nanoTime();
    scene.approve(task);
    Waiting.until("the first line is leased", LIMIT, () -> status(lease) == 200);
    double first = (System.nanoTime() - start) / 1e9;
    Waiting.until("the index is read", LIMIT, () -> isRead(scene, task.id()));
    double took = (System.nanoTime() - start) / 1e9;
    Scene.Cpu cpu = scene.cpu(ProcessHandle.current().pid()).since(before);
    speeds.add(count / took);
    firsts.add(first);
    System.out.printf(
        Locale.ROOT,
        "%,d lines in %.1f s: %,.0f lines/s; first lease after %.2f s; RSS %d MB before, %d MB at"
            + " most; CPU s: server %.1f, PostgreSQL %.1f, storage %.1f, others %.1f%n",
        count,
        took,
        count / took,
        first,
        rss / 1_000_000,
        peak / 1_000_000,
        cpu.server() / 1000,
        cpu.postgres() / 1000,
        cpu.load() / 1000,
        cpu.others() / 1000);
  }

  private int status(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean isRead(Scene scene, long taskId) {
    peak = Math.max(peak, scene.testbed().server().process().residentBytes());
    try {
      return scene.query(
              "select count(*) from index_ingest where state = 'READ' and task_id = " + taskId)
          == 1;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
