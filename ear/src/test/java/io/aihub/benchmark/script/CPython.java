package io.aihub.benchmark.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CPython with packages of its own, in a folder that can be thrown away. */
public final class CPython {

  private final Path program;

  private CPython(Path program) {
    this.program = program;
  }

  /**
   * Makes the environment, or takes the one that an earlier run has made of the same packages.
   *
   * @param lock packages with hashes, as pip reads them
   * @param more further packages, each with its version
   * @return empty, with the reason printed, where there is no CPython or nothing to install from
   */
  public static Optional<CPython> in(Path folder, Path lock, List<String> more, Path log)
      throws IOException {
    Path program = folder.resolve("bin/python3");
    Path stamp = folder.resolve("installed");
    String wanted = Files.readString(lock) + more;
    if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return Optional.of(new CPython(program));
    }
    List<String> pip = List.of(program.toString(), "-m", "pip", "--disable-pip-version-check");
    boolean made =
        succeeds(log, List.of("python3", "-m", "venv", "--clear", folder.toString()))
            && succeeds(log, and(pip, List.of("install", "-q", "--no-deps", "-r", lock.toString())))
            && (more.isEmpty() || succeeds(log, and(and(pip, List.of("install", "-q")), more)));
    if (!made) {
      System.out.println(
          "No rivals: there is no CPython 3 with venv and pip here, or nothing to install from; see "
              + log);
      return Optional.empty();
    }
    Files.writeString(stamp, wanted);
    return Optional.of(new CPython(program));
  }

  /** The command that runs a program of this class's package. */
  public List<String> command(String resource, Path folder, String... arguments)
      throws IOException {
    return and(List.of(program.toString(), copy(resource, folder).toString()), List.of(arguments));
  }

  /** Copies a program or script of this class's package to where it can be run from. */
  public static Path copy(String resource, Path folder) throws IOException {
    Path file = folder.resolve(resource);
    Files.createDirectories(folder);
    try (var in = CPython.class.getResourceAsStream(resource)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** Its version, for people. */
  public String version() throws IOException {
    Process process = new ProcessBuilder(program.toString(), "--version").start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static boolean succeeds(Path log, List<String> command) {
    try {
      Files.createDirectories(log.getParent());
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> and(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
