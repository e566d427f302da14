package io.aihub.benchmark;

import io.aihub.benchmark.Landing.Landed;
import io.aihub.benchmark.script.CPython;
import io.aihub.benchmark.script.Downloads;
import io.aihub.benchmark.script.Downloads.Run;
import io.aihub.benchmark.script.FileOrigin;
import io.aihub.testbed.Folders;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What it takes to land files in storage, through queue, script, relay and report, beside CPython
 * programs that download the same files and put them through the same relay.
 */
final class PipelineBenchmark {

  private static final int[] THREADS = {16, 64};
  private static final List<String> BOTO3 = List.of("boto3==1.44.8", "botocore==1.44.8");
  private static final int PATIENCE = 3; // warm-up tasks without a gain
  private static final double GAIN = 0.97;
  private static final int COLD = 100_000; // files before which no client and no server is warm

  private final int files = (int) Options.number("files", 5_000);
  private final int largeFiles = Math.max(1, files / 10);
  private final long rounds = Options.number("rounds", 3);
  private final double seconds = Options.number("seconds", 10);
  private final long warmUp = Options.number("warmup", 300);
  private final int workers = (int) Options.number("workers", 16);

  private final List<Landed> small = new ArrayList<>();
  private final List<Landed> large = new ArrayList<>();
  private final Map<String, List<Run>> theirs = new LinkedHashMap<>();

  private PipelineBenchmark() {}

  static void run() throws Exception {
    new PipelineBenchmark().measure();
  }

  private void measure() throws Exception {
    try (Pipeline pipeline = new Pipeline()) {
      pipeline.start(workers);
      Landing landing = new Landing(pipeline);
      warmUp(pipeline, landing);
      Optional<CPython> cpython = cpython(pipeline);
      if (cpython.isEmpty()) {
        for (int round = 1; round <= rounds; round++) {
          System.out.println("Round " + round);
          ours(pipeline, landing);
        }
      } else {
        System.out.println("Beside " + cpython.get().version() + " with " + BOTO3.get(0));
        try (Downloads seed =
                rival(pipeline, cpython.get(), "seed", Submission.seedScript(pipeline.testbed()));
            Downloads tuned =
                rival(
                    pipeline,
                    cpython.get(),
                    "tuned",
                    CPython.copy("shared_session.py", pipeline.testbed().folder()))) {
          String base = pipeline.origin().http() + "/f";
          seed.run(2, THREADS[0], base);
          tuned.run(2, THREADS[0], base);
          for (int round = 1; round <= rounds; round++) {
            System.out.println("Round " + round);
            ours(pipeline, landing);
            for (int threads : THREADS) {
              theirs(pipeline, "seed", seed, threads);
              theirs(pipeline, "tuned", tuned, threads);
            }
          }
        }
      }
      report();
    }
  }

  /** Until some tasks in a row have brought no gain, or the time is over. */
  private void warmUp(Pipeline pipeline, Landing landing) throws IOException, SQLException {
    long end = System.nanoTime() + warmUp * 1_000_000_000L;
    double best = Double.MAX_VALUE;
    int landed = 0;
    int idle = 0;
    for (; (landed < COLD || idle < PATIENCE) && System.nanoTime() < end; landed += files) {
      Landed task = landing.land(files, pipeline.origin().http() + "/f", FileOrigin.FILE_BYTES);
      double cost = (task.cpu().client() + task.cpu().server()) / files;
      idle = cost < best * GAIN ? 0 : idle + 1;
      best = Math.min(best, cost);
    }
    landing.land(largeFiles, pipeline.origin().http() + "/m", FileOrigin.LARGER_BYTES);
    System.out.printf(
        Locale.ROOT,
        "Warm after %,d files: CPU ms a file of client and server %.2f%n",
        landed,
        best);
  }

  private void ours(Pipeline pipeline, Landing landing) throws IOException, SQLException {
    String origin = pipeline.origin().http();
    small.add(landing.land(files, origin + "/f", FileOrigin.FILE_BYTES));
    print("20 kB", small.get(small.size() - 1));
    large.add(landing.land(largeFiles, origin + "/m", FileOrigin.LARGER_BYTES));
    print("500 kB", large.get(large.size() - 1));
  }

  private static void print(String size, Landed landed) {
    Pipeline.Cpu cpu = landed.cpu();
    double each = landed.files();
    System.out.printf(
        Locale.ROOT,
        "  ours, %,d of %-6s %6.0f files/s; CPU ms a file: client %.3f, server %.3f, database %.3f,"
            + " relay %.3f, storage %.3f, origin %.3f; others had %.0f%% of a CPU%n",
        landed.files(),
        size,
        landed.perSecond(),
        cpu.client() / each,
        cpu.server() / each,
        cpu.database() / each,
        cpu.relay() / each,
        cpu.storage() / each,
        cpu.origin() / each,
        cpu.others() / landed.seconds() / 10);
  }

  private Optional<CPython> cpython(Pipeline pipeline) throws IOException {
    return Options.is("rivals", true)
        ? CPython.in(
            Testbed.buildFolder().resolve("benchmark-cpython-boto3"),
            pipeline.testbed().sources("batch-client").resolve("src/main/python/requirements.lock"),
            BOTO3,
            pipeline.testbed().logs().resolve("cpython.log"))
        : Optional.empty();
  }

  private static Downloads rival(Pipeline pipeline, CPython cpython, String name, Path script)
      throws IOException {
    Path folder = pipeline.testbed().folder();
    return new Downloads(
        name,
        cpython.command(
            "rival.py",
            folder,
            script.toString(),
            Files.createDirectories(pipeline.folder(name)).toString(),
            "stock",
            pipeline.relay().toString(),
            Testbed.BUCKET,
            name),
        pipeline.relayKeys(),
        pipeline.testbed().logs().resolve(name + ".log"));
  }

  private void theirs(Pipeline pipeline, String name, Downloads rival, int threads)
      throws IOException {
    Path stored = pipeline.bucket().resolve(name);
    Folders.delete(stored);
    Run run = rival.run(seconds, threads, pipeline.origin().http() + "/f");
    long there = Folders.count(stored);
    if (there != run.downloads()) {
      throw new IllegalStateException(
          name + " stored " + there + " files and counts " + run.downloads());
    }
    theirs.computeIfAbsent(name + "_" + threads, key -> new ArrayList<>()).add(run);
    System.out.printf(
        Locale.ROOT,
        "  %-5s with %d threads %6.1f files/s; its CPU ms a file %.2f%n",
        name,
        threads,
        run.perSecond(),
        run.cpuMillisEach());
  }

  private void report() {
    double rate = median(small, Landed::perSecond);
    Figures figures = new Figures("pipeline").add("files_per_s", rate, 0);
    if (!theirs.isEmpty()) {
      figures.add("ratio_seed", rate / best("seed"), 1).add("ratio_tuned", rate / best("tuned"), 2);
    }
    add(figures, "", small);
    double largeRate = median(large, Landed::perSecond);
    figures
        .add("large_files_per_s", largeRate, 0)
        .add("large_mb_per_s", largeRate * FileOrigin.LARGER_BYTES / 1e6, 0);
    add(figures, "large_", large);
    theirs.forEach(
        (name, runs) ->
            figures
                .add(name + "_per_s", median(runs, Run::perSecond), 1)
                .add(name + "_cpu_ms", median(runs, Run::cpuMillisEach), 2));
    figures.print();
  }

  /** CPU milliseconds a file, by part. */
  private static void add(Figures figures, String prefix, List<Landed> landed) {
    Map<String, ToDoubleFunction<Pipeline.Cpu>> parts = new LinkedHashMap<>();
    parts.put("client", Pipeline.Cpu::client);
    parts.put("server", Pipeline.Cpu::server);
    parts.put("database", Pipeline.Cpu::database);
    parts.put("relay", Pipeline.Cpu::relay);
    parts.put("storage", Pipeline.Cpu::storage);
    parts.put("origin", Pipeline.Cpu::origin);
    parts.forEach(
        (name, cpu) ->
            figures.add(
                prefix + name + "_ms",
                median(landed, task -> cpu.applyAsDouble(task.cpu()) / task.files()),
                3));
  }

  /** Files a second with the number of threads that suits the rival best. */
  private double best(String rival) {
    return theirs.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(rival))
        .mapToDouble(entry -> median(entry.getValue(), Run::perSecond))
        .max()
        .orElseThrow();
  }

  private static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
    return Median.of(runs.stream().map(figure::applyAsDouble).toList());
  }
}
