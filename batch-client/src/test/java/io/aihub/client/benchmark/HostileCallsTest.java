package io.aihub.client.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark {@code hostile}, short: in a process of its own, with the client's JVM flags. */
class HostileCallsTest {

  private static final int CALLS = 200;

  @TempDir private Path temporary;

  @Test
  void hostileCallsOfEveryKindLeaveNothingInTheProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/launch/jvm.options",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HostileLoad.class.getName(),
                Path.of("target/script-runtime").toAbsolutePath().toString(),
                temporary.resolve("work").toString(),
                "4",
                "4",
                "20",
                String.valueOf(CALLS),
                String.valueOf(CALLS))
            .redirectErrorStream(true)
            .start();

    List<String> said = output(process);

    assertThat(process.waitFor()).as(String.join("\n", said)).isZero();
    assertThat(said.get(said.size() - 1))
        .contains("calls=" + CALLS, "threads_left=0", "handles_left=0", "folders_left=0");
  }

  private static List<String> output(Process process) throws IOException {
    try (BufferedReader lines = process.inputReader()) {
      return lines.lines().peek(System.out::println).toList();
    }
  }
}
