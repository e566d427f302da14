package io.aihub.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of the tests in a process of its own, with the client's JVM flags. */
public final class ClientJvm {

  /**
   * How such a process ended.
   *
   * @param said its output, line by line
   */
  public record Ended(int status, List<String> said) {}

  private ClientJvm() {}

  /** Runs the class until it ends, and repeats what it prints. */
  public static Ended run(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/launch/jvm.options",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader lines = process.inputReader()) {
      List<String> said = lines.lines().peek(System.out::println).toList();
      return new Ended(process.waitFor(), said);
    }
  }
}
