package io.aihub.client.script.packages;

import io.aihub.client.lifecycle.Trees;
import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.requirement.api.ResolutionProblem.Kind;
import io.aihub.requirement.api.ResolutionReport;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * GraalPy's pip, in a process of its own: what it needs of memory, and whatever goes wrong in it,
 * stays away from the scripts, and it can be stopped at any moment. Without its byte code, the
 * first time, it takes some 15 s of CPU, and 10 s from then on.
 */
final class PipProcess {

  private static final Logger LOG = Logger.getLogger(PipProcess.class.getName());
  private static final int LOG_CHARACTERS = 1500;

  private final Jsonb json = JsonbBuilder.create();
  private final Path work;
  private final Path byteCode;
  private final PackageSettings settings;
  private volatile boolean closed;

  /**
   * Prepares for one.
   *
   * @param work deleted before each run, and after
   * @param byteCode where byte code is kept
   */
  PipProcess(Path work, Path byteCode, PackageSettings settings) {
    this.work = work;
    this.byteCode = byteCode;
    this.settings = settings;
  }

  /**
   * Runs pip, which takes from seconds to {@link PackageSettings#timeLimit}.
   *
   * @param request as {@code pip.py} reads it; index and proxy are added
   * @return what it found out; null where it was stopped
   * @throws IOException it can't be started
   */
  ResolutionReport run(Map<String, ?> request) throws IOException {
    try {
      Trees.delete(work);
      Files.createDirectories(work);
      Files.writeString(work.resolve("request.json"), json.toJson(request));
      ResolutionReport stopped = await(start());
      if (closed) {
        return null;
      }
      return stopped == null ? answer() : stopped;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      Trees.delete(work);
    }
  }

  /** Stops it; it isn't started again. */
  void close() {
    closed = true;
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx384m",
            "-Xss4m",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.io.tmpdir=" + work));
    for (String shared :
        List.of("polyglot.engine.userResourceCache", "polyglotimpl.AttachLibraryFailureAction")) {
      command.add("-D" + shared + "=" + System.getProperty(shared));
    }
    command.addAll(
        List.of(
            "-classpath",
            classPath(),
            PipMain.class.getName(),
            work.toString(),
            byteCode.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("log").toFile());
    builder.environment().clear(); // the client's token is in it
    return builder.start();
  }

  /** The client's own classes, and GraalPy, which stands on this JVM's class path. */
  private static String classPath() throws IOException {
    try {
      Path classes = Path.of(PipMain.class.getResource("PipMain.class").toURI());
      for (int up = PipMain.class.getName().split("\\.", -1).length; up > 0; up--) {
        classes = classes.getParent();
      }
      return classes + File.pathSeparator + System.getProperty("java.class.path");
    } catch (URISyntaxException odd) {
      throw new IOException("the client's own classes can't be found", odd);
    }
  }

  /** Null where it ended by itself. */
  private ResolutionReport await(Process process) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + settings.timeLimit().toNanos();
    try {
      while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
        if (closed) {
          return null;
        }
        if (System.nanoTime() - deadline > 0) {
          return problem(Kind.SLOW, "not done after " + settings.timeLimit().toSeconds() + " s");
        }
        if (Trees.size(work) > settings.diskBytes()) {
          return problem(Kind.LARGE, "more than " + (settings.diskBytes() >> 20) + " MiB");
        }
      }
      return null;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private ResolutionReport answer() throws IOException {
    Path answer = work.resolve("answer.json");
    if (Files.exists(answer)) {
      try {
        return json.fromJson(Files.readString(answer), ResolutionReport.class);
      } catch (JsonbException cut) {
        LOG.log(Level.WARNING, "pip's answer can't be read", cut);
      }
    }
    String log = Files.readString(work.resolve("log"), StandardCharsets.ISO_8859_1).strip();
    LOG.log(Level.WARNING, "pip gave no answer: {0}", log);
    return problem(
        Kind.FAILED,
        "no answer: " + log.substring(Math.max(0, log.length() - LOG_CHARACTERS)).strip());
  }

  private static ResolutionReport problem(Kind kind, String detail) {
    return new ResolutionReport(null, new ResolutionProblem(kind, null, null, detail));
  }
}
