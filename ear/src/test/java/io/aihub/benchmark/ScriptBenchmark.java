package io.aihub.benchmark;

import io.aihub.benchmark.script.CPython;
import io.aihub.benchmark.script.Downloads;
import io.aihub.benchmark.script.Downloads.Run;
import io.aihub.benchmark.script.FileOrigin;
import io.aihub.benchmark.script.WholeClient;
import io.aihub.testbed.Folders;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What a download of the seed's script costs, beside the same script in CPython. */
final class ScriptBenchmark {

  private static final int WORKERS = 8;
  private static final int MANY = 16;
  private static final double SLICE = 5; // seconds
  private static final double RSS_SECONDS = 60;
  private static final long MEGABYTE = 1_000_000;
  private static final int STREAMS = 8; // in half of them curl is the first
  private static final String CURLS = "curl.out";
  private static final String STREAM =
      """
      import requests

      def download(line, output_local_dir):
          path = output_local_dir + "/big"
          with requests.get(line, stream=True, timeout=60) as response:
              response.raise_for_status()
              with open(path, "wb") as file:
                  for part in response.iter_content(1 << 20):
                      file.write(part)
          return path
      """;

  private final Path folder = Testbed.buildFolder().resolve("benchmark-script");
  private final Path logs = folder.resolve("logs");
  private final Path client = WholeClient.module("batch-client");
  private final Path seed = WholeClient.module("src-docs").resolve("samples/seed_download.py");
  private final long rounds = Options.number("rounds", 5);
  private final double seconds = Options.number("seconds", 6);
  private final Figures figures = new Figures("script");
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();

  private ScriptBenchmark() {}

  static void run() throws Exception {
    new ScriptBenchmark().measure();
  }

  private void measure() throws Exception {
    Folders.delete(folder);
    Files.createDirectories(logs);
    try (FileOrigin origin =
        new FileOrigin(
            folder.resolve("origin"),
            Options.number("megabytes", 1000) * MEGABYTE,
            logs.resolve("origin.log"))) {
      try (ScratchFolder scratch = new ScratchFolder(folder);
          Downloads ours = ours(scratch)) {
        System.out.println("Files of 20 kB from " + origin.program() + " to " + scratch);
        measureDownloads(origin, ours, scratch);
        measureStream(origin, ours);
      }
    }
    measureClient();
    figures.print();
  }

  private void measureDownloads(FileOrigin origin, Downloads ours, ScratchFolder scratch)
      throws IOException {
    Optional<CPython> cpython =
        Options.is("rivals", true)
            ? CPython.in(
                Testbed.buildFolder().resolve("benchmark-cpython"),
                client.resolve("src/main/python/requirements.lock"),
                List.of(),
                logs.resolve("cpython.log"))
            : Optional.empty();
    String http = origin.http() + "/f";
    String https = origin.https() + "/f";
    warmUp(ours, http, https);
    if (cpython.isEmpty()) {
      for (int round = 0; round < rounds; round++) {
        measureOurs(ours, http, https);
      }
    } else {
      System.out.println("Beside " + cpython.get().version());
      try (Downloads stock = rival(cpython.get(), "stock", scratch);
          Downloads tuned = rival(cpython.get(), "tuned", scratch)) {
        stock.run(2, WORKERS, http);
        tuned.run(2, WORKERS, http);
        for (int round = 0; round < rounds; round++) {
          measureOurs(ours, http, https);
          add("tuned", tuned.run(seconds, WORKERS, http));
          add("stock", stock.run(seconds, WORKERS, http));
          add("tuned_https", tuned.run(seconds, WORKERS, https));
        }
      }
      figures
          .add("cpu_ratio", cpu("ours") / cpu("tuned"), 3)
          .add("cpu_ratio_stock", cpu("ours") / cpu("stock"), 4)
          .add("rate_ratio", rate("ours") / rate("tuned"), 2);
    }
    figures.add("https_ratio", cpu("ours_https") / cpu("ours"), 3);
    for (String name : runs.keySet()) {
      figures.add(name + "_cpu_ms", cpu(name), 3).add(name + "_per_s", rate(name), 0);
    }
  }

  private void measureOurs(Downloads ours, String http, String https) throws IOException {
    add("ours", ours.run(seconds, WORKERS, http));
    add("ours_https", ours.run(seconds, WORKERS, https));
    add("ours_1", ours.run(seconds, 1, http));
    add("ours_16", ours.run(seconds, MANY, http));
  }

  private void add(String name, Run run) {
    runs.computeIfAbsent(name, unused -> new ArrayList<>()).add(run);
    System.out.printf(
        Locale.ROOT,
        "  %-12s %,.0f downloads/s, CPU ms a download %.3f%n",
        name,
        run.perSecond(),
        run.cpuMillisEach());
  }

  private double cpu(String name) {
    return Median.of(runs.get(name).stream().map(Run::cpuMillisEach).toList());
  }

  private double rate(String name) {
    return Median.of(runs.get(name).stream().map(Run::perSecond).toList());
  }

  /** Until four slices in a row have brought no gain, or the time is over. */
  private static void warmUp(Downloads ours, String http, String https) throws IOException {
    long limit = Options.number("warmup", 180);
    double best = Double.MAX_VALUE;
    int idle = 0;
    long spent = 0;
    for (; spent < limit && idle < 4; spent += 2 * (long) SLICE) {
      double cost = ours.run(SLICE, MANY, http).cpuMillisEach();
      ours.run(SLICE, WORKERS, https);
      idle = cost < best * 0.97 ? 0 : idle + 1;
      best = Math.min(best, cost);
    }
    System.out.printf(Locale.ROOT, "Warm after %d s: CPU ms a download %.3f%n", spent, best);
  }

  /**
   * By turns one of the two is the first, and both files stay until both are there: on a virtual
   * machine that gives free memory back to its host, who writes some time after a deletion pays for
   * taking it again, up to twice the download's time, and with one order it would ever be the same.
   */
  private void measureStream(FileOrigin origin, Downloads ours) throws Exception {
    Path script = Files.writeString(folder.resolve("stream.py"), STREAM);
    String url = origin.http() + "/big";
    double size = Files.size(folder.resolve("origin/big")) / 1e6;
    ours.once(script, url);
    List<Double> seconds = new ArrayList<>();
    List<Double> growth = new ArrayList<>();
    List<Double> curl = new ArrayList<>();
    for (int round = 0; round < STREAMS; round++) {
      ours.clear();
      Files.deleteIfExists(folder.resolve(CURLS));
      if (round % 2 != 0) {
        curl(url).ifPresent(curl::add);
      }
      long before = resident(ours.pid());
      AtomicLong peak = new AtomicLong(before);
      AtomicBoolean over = new AtomicBoolean();
      Thread watch =
          new Thread(
              () -> {
                while (!over.get()) {
                  peak.accumulateAndGet(resident(ours.pid()), Math::max);
                  java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                }
              });
      watch.start();
      seconds.add(ours.once(script, url));
      over.set(true);
      watch.join();
      growth.add((peak.get() - before) / 1e6);
      if (round % 2 == 0) {
        curl(url).ifPresent(curl::add);
      }
    }
    ours.clear();
    Files.deleteIfExists(folder.resolve(CURLS));
    System.out.printf(Locale.ROOT, "Seconds of our streams %s, of curl's %s%n", seconds, curl);
    double rate = size / Median.of(seconds);
    if (curl.isEmpty()) {
      System.out.println("There is no curl to compare a stream with");
    } else {
      figures
          .add("stream_ratio", Median.of(curl) / Median.of(seconds), 2)
          .add("curl_mb_s", size / Median.of(curl), 0);
    }
    figures.add("stream_mb_s", rate, 0).add("stream_rss_growth_mb", Median.of(growth), 0);
    System.out.printf(
        Locale.ROOT,
        "%.0f MB through iter_content: %.0f MB/s, memory grew by %.0f MB%n",
        size,
        rate,
        Median.of(growth));
  }

  private Optional<Double> curl(String url) throws InterruptedException {
    Path file = folder.resolve(CURLS);
    long start = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder("curl", "-sf", "-o", file.toString(), url)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      int status = process.waitFor();
      double taken = (System.nanoTime() - start) / 1e9;
      return status == 0 ? Optional.of(taken) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private void measureClient() throws IOException {
    WholeClient whole = new WholeClient(client, folder, seed);
    List<WholeClient.Start> fresh = new ArrayList<>();
    List<WholeClient.Start> again = new ArrayList<>();
    for (int round = 0; round < Math.min(rounds, 3); round++) {
      fresh.add(start(whole, "client-" + round, "empty"));
      again.add(start(whole, "client-" + round, "used"));
    }
    WholeClient.Load load = whole.work("client-" + MANY, MANY, RSS_SECONDS);
    System.out.printf(
        Locale.ROOT,
        "A client with %d workers, Payara Micro included: %.0f MB, CPU ms a file %.2f, %.0f files/s%n",
        MANY,
        load.peakMegabytes(),
        load.cpuMillisEach(),
        load.perSecond());
    figures
        .add("rss_mb_16", load.peakMegabytes(), 0)
        .add("first_download_s", median(fresh, WholeClient.Start::firstSeconds), 1)
        .add("eight_busy_s", median(fresh, WholeClient.Start::busySeconds), 1)
        .add("first_download_cpu_s", median(fresh, WholeClient.Start::firstCpu), 1)
        .add("eight_busy_cpu_s", median(fresh, WholeClient.Start::busyCpu), 1)
        .add("again_first_download_s", median(again, WholeClient.Start::firstSeconds), 1)
        .add("again_eight_busy_s", median(again, WholeClient.Start::busySeconds), 1)
        .add("again_first_download_cpu_s", median(again, WholeClient.Start::firstCpu), 1)
        .add("again_eight_busy_cpu_s", median(again, WholeClient.Start::busyCpu), 1)
        .add("client_cpu_ms", load.cpuMillisEach(), 2);
  }

  private static WholeClient.Start start(WholeClient whole, String name, String what)
      throws IOException {
    WholeClient.Start start = whole.start(name, WORKERS);
    System.out.printf(
        Locale.ROOT,
        "  a client on %s work folder: first download after %.1f s (%.1f CPU-s), eight workers busy"
            + " after %.1f s (%.1f CPU-s)%n",
        what.equals("empty") ? "an empty" : "a used",
        start.firstSeconds(),
        start.firstCpu(),
        start.busySeconds(),
        start.busyCpu());
    return start;
  }

  private static double median(
      List<WholeClient.Start> starts, java.util.function.Function<WholeClient.Start, Double> what) {
    return Median.of(starts.stream().map(what).toList());
  }

  private Downloads ours(ScratchFolder scratch) throws IOException {
    return new Downloads(
        "ours",
        WholeClient.withoutPayara(
            client,
            "ScriptLoad",
            folder.resolve("python").toString(),
            scratch.resolve("ours").toString(),
            folder.resolve("large").toString(),
            seed.toString(),
            String.valueOf(MANY)),
        logs.resolve("ours.log"));
  }

  private Downloads rival(CPython cpython, String kind, ScratchFolder scratch) throws IOException {
    Path own = Files.createDirectories(scratch.resolve(kind));
    return new Downloads(
        kind,
        cpython.command("rival.py", folder, seed.toString(), own.toString(), kind),
        logs.resolve(kind + ".log"));
  }

  private static long resident(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }
}
