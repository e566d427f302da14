package io.aihub.testbed;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** A package index on loopback: the one of the client's own tests, in a process of its own. */
public final class PackageIndex {

  private static final String PROGRAM = "io.aihub.client.script.packages.WheelIndex";

  private final Path classes;
  private final Path log;
  private final Path records;
  private final int port = Ports.free();
  private ChildProcess process;

  /**
   * @param classes where the client's tests are compiled to
   */
  PackageIndex(Path classes, Path log, Path records) {
    this.classes = classes;
    this.log = log;
    this.records = records;
  }

  public void start() {
    process =
        ChildProcess.start(
            "package-index",
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-classpath",
                classes.toString(),
                PROGRAM,
                String.valueOf(port)),
            log,
            records);
    Waiting.until(
        "the package index listens; see " + log,
        Duration.ofSeconds(30),
        () -> process.isAlive() && !Ports.isFree(port));
  }

  public void kill() {
    if (process != null && process.isAlive()) {
      process.kill();
    }
  }

  /** What the client's {@code aihub.client.package-index} is set to. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + port + "/simple/");
  }
}
