package io.aihub.benchmark.script;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that downloads when it is told to: ours or a rival's. They understand the same orders.
 */
public final class Downloads implements AutoCloseable {

  private final String name;
  private final Path log;
  private final Process process;
  private final PrintStream orders;
  private final BufferedReader answers;

  /** What a run brought. */
  public record Run(long downloads, double cpuMillis, double seconds) {

    public double perSecond() {
      return downloads / seconds;
    }

    public double cpuMillisEach() {
      return cpuMillis / downloads;
    }
  }

  /** Starts the process and waits until it is ready. */
  public Downloads(String name, List<String> command, Path log) throws IOException {
    this(name, command, Map.of(), log);
  }

  /**
   * The same with more in its environment.
   *
   * @param environment for keys, which everybody could read on a command line
   */
  public Downloads(String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    this.name = name;
    this.log = log;
    Files.createDirectories(log.getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
    String first = answer();
    if (!first.equals("ready")) {
      throw new IOException(name + " is not ready but says: " + first);
    }
  }

  public long pid() {
    return process.pid();
  }

  /**
   * Downloads as fast as it can.
   *
   * @param base address below which every name is the same file
   */
  public Run run(double seconds, int workers, String base) throws IOException {
    String[] words = ask(String.format(Locale.ROOT, "run %.1f %d %s", seconds, workers, base));
    Run run =
        new Run(
            Long.parseLong(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    if (run.downloads() == 0) {
      throw new IOException(name + " downloaded nothing; see " + log);
    }
    return run;
  }

  /**
   * Calls another script once; what it downloads stays until {@link #clear}.
   *
   * @param line without blanks
   * @return seconds that it took
   */
  public double once(Path script, String line) throws IOException {
    String[] words = ask("once " + script + " " + line);
    if (words[0].equals("failed")) {
      throw new IOException(name + " failed at " + line + "; see " + log);
    }
    return Double.parseDouble(words[0]);
  }

  /** Deletes what other scripts have downloaded. */
  public void clear() throws IOException {
    ask("clear");
  }

  private String[] ask(String order) throws IOException {
    orders.println(order);
    return answer().split(" ", -1);
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(name + " has ended; see " + log);
    }
    return line;
  }

  @Override
  public void close() {
    orders.close(); // the end of its input is the end of it
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
