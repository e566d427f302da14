package io.aihub.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** A download client: Payara Micro with the client's WAR, started as its image starts it. */
public final class DownloadClient {

  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final String name;
  private final Path module;
  private final Path folder;
  private final Path log;
  private final Path records;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private ChildProcess process;

  /**
   * @param module the folder {@code batch-client} of the project, built
   * @param folder the client's own work folder
   */
  public DownloadClient(String name, Path module, Path folder, Path log, Path records) {
    this.name = name;
    this.module = module;
    this.folder = folder;
    this.log = log;
    this.records = records;
    with("aihub.client.script-open-networks", "127.0.0.0/8,::1"); // where the origins are
  }

  /** Sets a configuration key such as {@code aihub.client.workers} for the next start. */
  public DownloadClient with(String key, Object value) {
    environment.put(
        key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), String.valueOf(value));
    return this;
  }

  /** Starts it and returns at once; it asks the server for work as soon as it can. */
  public void start() throws IOException {
    Files.createDirectories(folder);
    Path script = module.resolve("src/main/launch/client.sh");
    Path built = module.resolve("target");
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PAYARA_MICRO", built.resolve("payara-micro.jar").toString());
    builder.environment().put("GRAALPY", built.resolve("graalpy").toString());
    builder.environment().put("CLIENT_WAR", built.resolve("aihub-batch-client.war").toString());
    builder.environment().putAll(environment);
    process = ChildProcess.start(name, builder, log, records);
  }

  /** SIGTERM: it finishes or gives back what it has. */
  public void stop() {
    if (process != null && process.isAlive()) {
      process.stop(DRAIN.plusSeconds(10));
    }
  }

  /** kill -9; {@link #start} starts it anew. */
  public void kill() {
    process.kill();
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** What it ended with the last time; empty before its first start. */
  public OptionalInt exitStatus() {
    return process == null ? OptionalInt.empty() : OptionalInt.of(process.exitStatus());
  }

  /** Whether it gave its application up at the start; its process stays all the same. */
  public boolean isBroken() throws IOException {
    return Files.exists(log)
        && Files.readString(log, StandardCharsets.ISO_8859_1)
            .contains("Exception while deploying the app");
  }

  public String name() {
    return name;
  }

  public long residentBytes() {
    return process.residentBytes();
  }

  public ChildProcess process() {
    return process;
  }

  public Path log() {
    return log;
  }
}
