package io.aihub.benchmark;

import io.aihub.benchmark.script.WholeClient;
import io.aihub.testbed.Folders;
import io.aihub.testbed.Testbed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a client is as it was after all that scripts can do to it, thousands of times. */
final class HostileBenchmark {

  private static final int LOOKS = 10;

  /** Of each function that leaves its context, for one of a function that doesn't. */
  private static final int CHEAP_CALLS = 100;

  private HostileBenchmark() {}

  /**
   * In tenths of the calls: until then GraalPy's caches of bounded size fill, by a fifth of the
   * heap.
   */
  private static final int FILLING = 3;

  static void run() throws IOException, InterruptedException {
    Path folder = Testbed.buildFolder().resolve("benchmark-hostile");
    long calls = Options.number("calls", 10_000);
    Folders.delete(folder);
    Files.createDirectories(folder);
    Process process =
        new ProcessBuilder(
                WholeClient.withoutPayara(
                    WholeClient.module("batch-client"),
                    "HostileLoad",
                    folder.resolve("python").toString(),
                    folder.resolve("work").toString(),
                    String.valueOf(Options.number("workers", 4)),
                    String.valueOf(CHEAP_CALLS),
                    String.valueOf(FILLING * calls / LOOKS),
                    String.valueOf(calls),
                    String.valueOf(calls / LOOKS)))
            .redirectError(folder.resolve("errors.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    String last = "";
    try (BufferedReader said = process.inputReader()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (!last.isEmpty()) {
          System.out.println("  " + last);
        }
        last = line;
      }
    }
    int status = process.waitFor();
    System.out.println("BENCHMARK hostile " + last);
    if (status != 0) {
      throw new IOException("not flat, or not all ended as they had to: status " + status);
    }
  }
}
