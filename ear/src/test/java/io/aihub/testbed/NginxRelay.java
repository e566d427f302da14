package io.aihub.testbed;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** An nginx that passes requests through to the storage, as the compose file's relay does. */
public final class NginxRelay {

  private final Path program;
  private final Path configuration;
  private final URI storage;
  private final Path folder;
  private final Path log;
  private final Path records;
  private final int port = Ports.free();
  private ChildProcess process;

  /**
   * @param configuration the relay's part of the configuration, which the image uses too
   */
  NginxRelay(Path program, Path configuration, URI storage, Path folder, Path log, Path records) {
    this.program = program;
    this.configuration = configuration;
    this.storage = storage;
    this.folder = folder;
    this.log = log;
    this.records = records;
  }

  /** The nginx of this machine, if it has one. */
  public static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public void start() throws IOException {
    Files.createDirectories(folder);
    String relay =
        Files.readString(configuration)
            .replace("${RELAY_PORT}", "127.0.0.1:" + port)
            .replace("${STORAGE_HOST}:${STORAGE_PORT}", storage.getAuthority());
    Files.writeString(folder.resolve("relay.conf"), relay);
    Files.writeString(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events {}
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          include relay.conf;
        }
        """);
    process =
        ChildProcess.start(
            "nginx",
            new ProcessBuilder(
                program.toString(), "-p", folder.toString(), "-c", "nginx.conf", "-e", "stderr"),
            log,
            records);
    Waiting.until(
        "nginx listens; see " + log,
        Duration.ofSeconds(20),
        () -> process.isAlive() && !Ports.isFree(port));
  }

  public void stop() {
    if (process != null && process.isAlive()) {
      process.stop(Duration.ofSeconds(10));
    }
  }

  public void kill() {
    process.kill();
  }

  public ChildProcess process() {
    return process;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }
}
