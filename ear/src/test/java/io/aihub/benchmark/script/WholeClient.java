package io.aihub.benchmark.script;

import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.Testbed;
import io.aihub.testbed.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client process as its image starts it, Payara Micro with the WAR, on a server that is played
 * within this process.
 */
public final class WholeClient {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long SAMPLE_NANOS = 200_000_000L;

  private final Path batchClient;
  private final Path folder;
  private final Path seed;

  /**
   * @param batchClient the built module
   * @param seed the script
   */
  public WholeClient(Path batchClient, Path folder, Path seed) {
    this.batchClient = batchClient;
    this.folder = folder;
    this.seed = seed;
  }

  /**
   * How a start went.
   *
   * @param firstSeconds until the origin had sent the first file
   * @param firstCpu CPU seconds that the process took until then
   * @param busySeconds until every worker had its first file
   */
  public record Start(double firstSeconds, double firstCpu, double busySeconds, double busyCpu) {}

  /** What a run of some length took. */
  public record Load(double peakMegabytes, double cpuMillisEach, double perSecond) {}

  /**
   * Starts a client and ends it when all its workers are busy.
   *
   * @param name of the work folder: one that was used before has what a start leaves there
   */
  public Start start(String name, int workers) throws IOException {
    try (PlayedServer server = new PlayedServer(seed)) {
      DownloadClient client = client(name, workers, server);
      long begin = System.nanoTime();
      client.start();
      try {
        Waiting.until(
            "the first download; see " + client.log(), LIMIT, () -> isServed(client, server, 1));
        double firstCpu = client.process().cpu().toMillis() / 1e3;
        Waiting.until(
            "all workers download; see " + client.log(),
            LIMIT,
            () -> isServed(client, server, workers));
        double busyCpu = client.process().cpu().toMillis() / 1e3;
        List<Long> files = server.firstFiles();
        return new Start(
            (files.get(0) - begin) / 1e9,
            firstCpu,
            (files.get(workers - 1) - begin) / 1e9,
            busyCpu);
      } finally {
        client.stop();
      }
    }
  }

  /** Lets a client work for some time after all its workers have begun. */
  public Load work(String name, int workers, double seconds) throws IOException {
    try (PlayedServer server = new PlayedServer(seed)) {
      DownloadClient client = client(name, workers, server);
      client.start();
      try {
        Waiting.until(
            "all workers download; see " + client.log(),
            LIMIT,
            () -> isServed(client, server, workers));
        long begin = System.nanoTime();
        long half = begin + (long) (seconds * 5e8);
        long end = begin + (long) (seconds * 1e9);
        long peak = awaitPeak(client, half, 0);
        long files = server.stored();
        Duration cpu = client.process().cpu();
        long from = System.nanoTime();
        peak = awaitPeak(client, end, peak);
        files = server.stored() - files;
        double taken = client.process().cpu().minus(cpu).toMillis();
        return new Load(peak / 1e6, taken / files, files * 1e9 / (System.nanoTime() - from));
      } finally {
        client.stop();
      }
    }
  }

  private static long awaitPeak(DownloadClient client, long end, long before) {
    long peak = before;
    while (System.nanoTime() < end) {
      peak = Math.max(peak, client.residentBytes());
      java.util.concurrent.locks.LockSupport.parkNanos(SAMPLE_NANOS);
    }
    return peak;
  }

  private static boolean isServed(DownloadClient client, PlayedServer server, int workers) {
    try {
      if (!client.isAlive() || client.isBroken()) {
        throw new IllegalStateException("The client has not started; see " + client.log());
      }
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
    return server.firstFiles().size() >= workers;
  }

  private DownloadClient client(String name, int workers, PlayedServer server) {
    Path own = folder.resolve(name);
    return new DownloadClient(
            name,
            batchClient,
            own,
            folder.resolve("logs").resolve(name + ".log"),
            folder.resolve("processes"))
        .with("aihub.client.server", server.url() + "/aihub")
        .with("aihub.client.token", "played")
        .with("aihub.client.workers", workers)
        .with("aihub.client.work-dir", own.resolve("work"));
  }

  /** The folder of the project that the tests were built in. */
  public static Path module(String name) {
    return Testbed.buildFolder().getParent().getParent().resolve(name);
  }

  /**
   * A command for a program among the client's own benchmarks: with the client's flags and
   * libraries, but without Payara.
   */
  public static List<String> withoutPayara(Path client, String program, String... arguments) {
    Path target = client.resolve("target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + client.resolve("src/main/launch/jvm.options"));
    command.add("-cp");
    command.add(
        target.resolve("test-classes")
            + ":"
            + target.resolve("classes")
            + ":"
            + target.resolve("aihub-batch-client/WEB-INF/lib")
            + "/*:"
            + target.resolve("graalpy")
            + "/*");
    command.add("io.aihub.client.benchmark." + program);
    command.addAll(List.of(arguments));
    return command;
  }
}
