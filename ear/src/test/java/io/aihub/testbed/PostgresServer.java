package io.aihub.testbed;

import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A PostgreSQL from a Maven artifact, with a data directory that survives stops, kills and
 * restarts. It syncs its commits to disk, unlike most test databases.
 */
public final class PostgresServer {

  public static final String USER = "aihub";
  private static final String DATABASE = "postgres";

  private final Path binaries;
  private final Path folder;
  private final Path log;
  private final Path records;
  private final int port = Ports.free();
  private final String password = Secrets.random();
  private ChildProcess process;

  /**
   * @param binaries where the unpacked program is kept from run to run
   * @param folder where the data directory is made
   */
  PostgresServer(Path binaries, Path folder, Path log, Path records) {
    this.binaries = binaries;
    this.folder = folder;
    this.log = log;
    this.records = records;
  }

  /** Starts it and waits until it takes connections. */
  public void start() throws IOException {
    unpack();
    Path data = folder.resolve("data");
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      initialise(data);
    }
    process =
        ChildProcess.start(
            "postgres",
            new ProcessBuilder(
                command(
                    "postgres",
                    "-D",
                    data.toString(),
                    "-p",
                    String.valueOf(port),
                    "-k",
                    "",
                    "-h",
                    "127.0.0.1",
                    "-c",
                    "max_connections=200")),
            log,
            records);
    Waiting.until(
        "PostgreSQL takes connections; see " + log, Duration.ofSeconds(60), this::answers);
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("PostgreSQL ended; see " + log);
    }
    try (Connection connection = connect()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private void initialise(Path data) throws IOException {
    Files.createDirectories(folder);
    Path secret = Files.writeString(folder.resolve("password"), password);
    Process initdb =
        new ProcessBuilder(
                command(
                    "initdb",
                    "-D",
                    data.toString(),
                    "-U",
                    USER,
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    secret.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (Waiting.forEnd(initdb) != 0) {
      throw new IllegalStateException("initdb failed; see " + log);
    }
    Files.delete(secret);
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own nobody is root. */
  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void unpack() throws IOException {
    Path done = binaries.resolve("unpacked");
    if (Files.exists(done)) {
      return;
    }
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name =
        "postgres-%s-%s.txz"
            .formatted(
                system.contains("mac") ? "darwin" : "linux",
                ArchUtils.normalize(System.getProperty("os.arch")).replace("aarch", "arm"));
    try (InputStream packed = PostgresServer.class.getResourceAsStream("/" + name)) {
      if (packed == null) {
        throw new IllegalStateException("No PostgreSQL for this machine: " + name);
      }
      TarArchiveInputStream archive =
          new TarArchiveInputStream(
              new XZCompressorInputStream(new BufferedInputStream(packed)), "UTF-8");
      for (TarArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        unpack(archive, entry);
      }
    }
    Files.createFile(done);
  }

  private void unpack(TarArchiveInputStream archive, TarArchiveEntry entry) throws IOException {
    Path target = binaries.resolve(entry.getName()).normalize();
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    Files.deleteIfExists(target);
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else {
      Files.copy(archive, target);
      if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
        throw new IOException("Cannot make executable: " + target);
      }
    }
  }

  /** A fast shutdown: transactions in flight are rolled back. */
  public void stop() {
    if (process != null && process.isAlive()) {
      try {
        Waiting.forEnd(
            new ProcessBuilder(
                    command(
                        "pg_ctl",
                        "stop",
                        "-m",
                        "fast",
                        "-w",
                        "-D",
                        folder.resolve("data").toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      process.stop(Duration.ofSeconds(10));
    }
  }

  /** kill -9 of the postmaster; its children notice and end. */
  public void kill() {
    process.kill();
  }

  /** The process that all others of it stem from. */
  public long pid() {
    return process.pid();
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  public String password() {
    return password;
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, password);
  }
}
