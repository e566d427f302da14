package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.wire.NetworkRules;
import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** One worker with tight limits. It calls scripts as the client does, and knows what they leave. */
final class TestWorker implements AutoCloseable {

  static final ScriptLimits LIMITS =
      new ScriptLimits(Duration.ofSeconds(4), 1 << 20, 50, 100, 16, 10_000);

  /** What a script prints when it is where it wants to be. */
  static final String BEGUN = "begun";

  /** On a busy machine everything takes its time; only what hangs takes so long. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration FIRST_LIMIT = Duration.ofMillis(400);

  private final Path folder;
  private final Path root;
  private final ScriptRuntime runtime;
  private final ScriptContext context;
  private Path output;
  private int calls;

  TestWorker() throws IOException {
    folder = Files.createTempDirectory("aihub-worker").toRealPath();
    root = Files.createDirectory(folder.resolve("worker"));
    runtime =
        new ScriptRuntime(
            Path.of("target/script-runtime").toAbsolutePath(), true, LIMITS, NetworkRules.none());
    context = runtime.newContext(root);
    context.prepare();
    context.close(); // so that what is open now stays open
  }

  /**
   * @param failed how the call ended
   * @param late after its limit
   */
  record Stop(Failed failed, Duration late) {}

  /** Calls a script that is expected to end by itself. */
  ScriptOutcome call(String source) throws IOException {
    return call(source, "line", PATIENCE);
  }

  /** The same of one that is expected to fail. */
  Failed failure(String source) throws IOException {
    ScriptOutcome outcome = call(source);
    assertThat(outcome).isInstanceOf(Failed.class);
    return (Failed) outcome;
  }

  /** The same for a function of hostile.py. */
  Stop stopAtItsTimeLimit(String name) throws IOException {
    return stopAtItsTimeLimit(TestScripts.hostile().source(), name);
  }

  /**
   * Calls a script that prints {@link #BEGUN} and never ends. Where its limit comes before it has
   * begun it gets another one, twice as long.
   */
  Stop stopAtItsTimeLimit(String source, String line) throws IOException {
    for (Duration limit = FIRST_LIMIT; ; limit = limit.multipliedBy(2)) {
      context.close();
      context.prepare();
      Instant begun = Instant.now();
      Failed failed = (Failed) call(source, line, limit);
      Duration late = Duration.between(begun.plus(limit), Instant.now());
      assertThat(failed.failureClass()).as(failed.toString()).isEqualTo(FailureClass.TIMEOUT);
      if (failed.output() != null && failed.output().contains(BEGUN)) {
        return told(line, new Stop(failed, late));
      }
      assertThat(limit).as("the script never begins").isLessThan(PATIENCE);
    }
  }

  /**
   * Calls a function of hostile.py that prints the time when it comes to a limit. Where it was
   * stopped before it could, it wasn't late.
   */
  Stop stopAtItsOwnLimit(String name) throws IOException {
    Failed failed = (Failed) call(TestScripts.hostile().source(), name, PATIENCE);
    Instant end = Instant.now();
    Instant limit = TestScripts.timeOfLimit(failed.output()).orElse(end);
    return told(name, new Stop(failed, Duration.between(limit, end)));
  }

  private static Stop told(String name, Stop stop) {
    System.out.printf(
        Locale.ROOT, "%-32s free %.2f s after its limit%n", name, stop.late().toMillis() / 1000.0);
    return stop;
  }

  ScriptOutcome call(String source, String line, Duration limit) throws IOException {
    if (output != null) {
      Trees.delete(output);
    }
    output = Files.createDirectory(root.resolve("call-" + ++calls));
    return context.download(TestScripts.script(source), line, output, limit);
  }

  /** Ends the call that runs, as a client does that is to stop. */
  void interrupt() {
    context.interrupt();
  }

  /** The output directory of the last call. */
  Path output() {
    return output;
  }

  /** The directory that the worker's output directories are in. */
  Path root() {
    return root;
  }

  /** Fails unless a script finds everything as it should be. */
  void assertGoesOn() throws IOException {
    ScriptOutcome outcome =
        call(
            """
            import os, sys, tempfile
            def download(line, output_local_dir):
                assert os.listdir(output_local_dir) == os.listdir(tempfile.gettempdir()) == []
                assert os.getcwd() == output_local_dir
                print('printed')
                sys.stderr.write('written\\n')
                with open('file', 'w') as file:
                    file.write(line)
                return 'file'
            """);

    assertThat(outcome)
        .isEqualTo(
            new ScriptOutcome.Produced(output.resolve("file"), "file", "printed\nwritten\n"));
    assertThat(output.resolve("file")).hasContent("line");
  }

  /** Fails unless all is gone that a script could have left, Python's context included. */
  void assertNothingLeft() {
    context.close();
    if (output != null) {
      Trees.delete(output);
    }
    await("no thread").atMost(PATIENCE).until(() -> threads().isEmpty());
    await("no file").atMost(PATIENCE).untilAsserted(() -> assertThat(files()).isEmpty());
    assertThat(runtime.leasedConnections()).isZero();
    assertThat(root).isDirectoryNotContaining(path -> !path.endsWith("tmp"));
    assertThat(root.resolve("tmp")).isEmptyDirectory();
  }

  /** Of this runtime alone: other tests share another one, whose contexts stay. */
  private List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> isBelow(runtime.threads(), thread.getThreadGroup()))
        .map(Thread::getName)
        .toList();
  }

  private static boolean isBelow(ThreadGroup group, ThreadGroup ofThread) {
    return ofThread != null && group.parentOf(ofThread); // null where it has ended
  }

  /**
   * Files below the worker's folder that the process has open. Pipes and sockets are not counted:
   * those of other tests in this process come and go.
   */
  private List<String> files() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(TestWorker::target)
          .filter(target -> target.startsWith(root.toString()))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  @Override
  public void close() {
    context.close();
    runtime.close();
    Trees.delete(folder);
  }
}
