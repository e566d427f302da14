package io.aihub.benchmark.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process that plays workers; see {@link LoadGenerator}. It ends with this JVM. */
public final class Fleet implements AutoCloseable {

  private final Process process;
  private final PrintStream orders;
  private final BufferedReader answers;

  /**
   * Starts it without workers.
   *
   * @param port of the server
   */
  public Fleet(int port, Path log) throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LoadGenerator.class.getName(),
                    String.valueOf(port)))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  public long pid() {
    return process.pid();
  }

  /** Adds a worker that reports with a machine's token. */
  public void add(String group, String token) {
    orders.println("worker " + group + " " + token);
  }

  /** What a run shall be like. */
  public record Load(
      String group,
      long seconds,
      long lines,
      int capacity,
      int pauseMillis,
      int objects,
      String sha256,
      boolean endsIdle) {

    /** Every worker, as fast as it can. */
    public static Load of(long seconds, int capacity) {
      return new Load("all", seconds, 0, capacity, 0, 0, "-", false);
    }

    /** Ends the run when so many lines are settled. */
    public Load untilLines(long count) {
      return new Load(group, seconds, count, capacity, pauseMillis, objects, sha256, endsIdle);
    }

    /** Only the workers of groups whose names begin so. */
    public Load by(String name) {
      return new Load(name, seconds, lines, capacity, pauseMillis, objects, sha256, endsIdle);
    }

    /** Each worker rests between its calls. */
    public Load pausing(int millis) {
      return new Load(group, seconds, lines, capacity, millis, objects, sha256, endsIdle);
    }

    /** Reports {@code count} different files over and over, each with this checksum. */
    public Load reporting(int count, String checksum) {
      return new Load(group, seconds, lines, capacity, pauseMillis, count, checksum, endsIdle);
    }

    /** Ends the run when no worker gets a line any more. */
    public Load untilIdle() {
      return new Load(group, seconds, lines, capacity, pauseMillis, objects, sha256, true);
    }
  }

  /** Lets workers go and waits until they have settled what they hold. */
  public Run run(Load load) throws IOException {
    orders.printf(
        "run %s %s %d %d %d %d %s %b%n",
        load.group(),
        load.seconds(),
        load.lines(),
        load.capacity(),
        load.pauseMillis(),
        load.objects(),
        load.sha256(),
        load.endsIdle());
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("The load generator has ended; see its log");
    }
    return Run.parse(answer);
  }

  @Override
  public void close() {
    orders.close(); // the end of its input is the end of it
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
