package io.aihub.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process of the test bed. It ends with this JVM; should this JVM be killed, the next one that
 * uses the same work folder ends it (see {@link #endLeftovers}). Its output goes to a log file.
 */
public final class ChildProcess {

  private static final Pattern RECORD = Pattern.compile("(\\d+) (\\d+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final String name;
  private final Process process;
  private final Path record;

  private ChildProcess(String name, Process process, Path record) {
    this.name = name;
    this.process = process;
    this.record = record;
  }

  /** Starts a process whose output is appended to {@code log}. */
  public static ChildProcess start(String name, ProcessBuilder command, Path log, Path records) {
    try {
      Files.createDirectories(log.getParent());
      Files.createDirectories(records);
      Process process =
          command
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      ChildProcess child = new ChildProcess(name, process, records.resolve(name + ".pid"));
      Files.writeString(
          child.record, process.pid() + " " + startOf(process.toHandle()).toEpochMilli());
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + name + ": " + command.command(), e);
    }
  }

  /**
   * Ends the processes that an earlier JVM left behind. A process is known by its number and its
   * time of start, so that nobody else's is ended when the number was given away again.
   */
  static void endLeftovers(Path records) throws IOException {
    if (!Files.isDirectory(records)) {
      return;
    }
    try (Stream<Path> files = Files.list(records)) {
      for (Path record : files.toList()) {
        Matcher numbers = RECORD.matcher(Files.readString(record));
        if (numbers.matches()) {
          Instant start = Instant.ofEpochMilli(Long.parseLong(numbers.group(2)));
          ProcessHandle.of(Long.parseLong(numbers.group(1)))
              .filter(found -> isSameStart(startOf(found), start))
              .ifPresent(found -> end(found, Duration.ZERO));
        }
        Files.deleteIfExists(record);
      }
    }
  }

  // The kernel counts from the boot, whose time of day is only known to a second.
  private static boolean isSameStart(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(Duration.ofSeconds(2)) <= 0;
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it ended with; fails while it runs. */
  public int exitStatus() {
    return process.exitValue();
  }

  /** Asks it to end (SIGTERM), and kills it when {@code grace} has passed. */
  public void stop(Duration grace) {
    end(process.toHandle(), grace);
    forget();
  }

  /** SIGKILL: the process gets no chance to tidy up. */
  public void kill() {
    end(process.toHandle(), Duration.ZERO);
    forget();
  }

  private static void end(ProcessHandle process, Duration grace) {
    if (!grace.isZero() && process.destroy() && isGoneWithin(process, grace)) {
      return;
    }
    process.destroyForcibly();
    if (!isGoneWithin(process, Duration.ofSeconds(30))) {
      throw new IllegalStateException("Process " + process.pid() + " can't be killed.");
    }
  }

  private static boolean isGoneWithin(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void forget() {
    try {
      Files.deleteIfExists(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Memory that the process holds now (RSS) in bytes; 0 where the system doesn't tell. */
  public long residentBytes() {
    try {
      Matcher found =
          RESIDENT.matcher(
              Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status")));
      return found.find() ? Long.parseLong(found.group(1)) * 1024 : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** CPU time it has taken so far; zero where the system doesn't tell. */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public String toString() {
    return name + " (process " + process.pid() + ")";
  }
}
