package io.aihub.benchmark;

import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The machine that a benchmark runs on. */
final class Machine {

  private static final int PAGE = 8192; // of PostgreSQL's log
  private static final long SYNC_TIME = TimeUnit.SECONDS.toNanos(1);

  private Machine() {}

  static void print() throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
    System.out.printf(
        Locale.ROOT,
        "%s, %d CPUs (%s), Java %s, load average %s, fdatasync of 8 KiB %d/s%n",
        ZonedDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MINUTES),
        Runtime.getRuntime().availableProcessors(),
        model,
        Runtime.version(),
        Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0],
        syncsPerSecond());
  }

  private static long syncsPerSecond() throws IOException {
    Files.createDirectories(Testbed.buildFolder());
    Path file = Files.createTempFile(Testbed.buildFolder(), "fdatasync", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocate(PAGE);
      long start = System.nanoTime();
      long count = 0;
      for (; System.nanoTime() - start < SYNC_TIME; count++) {
        page.clear();
        channel.write(page, 0);
        channel.force(false);
      }
      return count * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    } finally {
      Files.delete(file);
    }
  }
}
