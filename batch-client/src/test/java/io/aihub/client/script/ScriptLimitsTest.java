package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.queue.api.FailureClass;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script that wants more than its limits give is stopped, and told which one it was. */
@ExtendWith(SharedWorker.class)
class ScriptLimitsTest {

  @AfterAll
  static void nothingIsLeft(TestWorker worker) throws Exception {
    worker.assertGoesOn();
    worker.assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "timeout_of_cpu, TIMEOUT, download used more than 4 s of CPU time",
    "output_large_files, OUTPUT, download wrote more than 1 MiB",
    "output_many_files, OUTPUT, download made more than 50 files and folders",
    "script_open_files, SCRIPT, download had more than 100 files; pipes and sockets open",
    "script_listed_folders, SCRIPT, download had more than 100 files; pipes and sockets open",
    "script_open_pipes, SCRIPT, download had more than 100 files; pipes and sockets open",
    "script_open_sockets, SCRIPT, download had more than 100 files; pipes and sockets open",
    "script_thousands_of_threads, SCRIPT, download had more than 16 threads"
  })
  void whoGoesBeyondIsStoppedAndToldWhatItWas(
      String name, FailureClass kind, String message, TestWorker worker) throws Exception {
    TestWorker.Stop stop = worker.stopAtItsOwnLimit(name);

    assertThat(stop.failed().failureClass()).isEqualTo(kind);
    assertThat(stop.failed().message()).startsWith(message.replace(';', ',') + " and was stopped");
    assertThat(stop.late()).isLessThan(TestWorker.PATIENCE);
  }

  @Test
  void nothingIsWrittenBeyondTheLimitOfTheDisk(TestWorker worker) throws Exception {
    worker.stopAtItsOwnLimit("output_large_files");

    assertThat(Files.size(worker.output().resolve("large"))).isBetween(1L, 1L << 20);
  }

  @Test
  void aHoleInAFileAndADeletedFileCountAsWhatTheyMayGrowTo(TestWorker worker) throws Exception {
    Failed hole =
        worker.failure(
            """
            def download(line, d):
                with open('hole', 'wb') as f:
                    f.seek(10**12)
                    f.write(b'x')
            """);
    Failed deleted =
        worker.failure(
            """
            import os
            kept = []
            def download(line, d):
                for i in range(50):
                    with open('gone', 'wb') as f: f.write(b'x' * 50000)
                    kept.append(open('gone', 'rb'))
                    os.remove('gone')
            """);

    assertThat(hole.message()).startsWith("download wrote more than 1 MiB");
    assertThat(deleted.message()).startsWith("download wrote more than 1 MiB");
  }

  @Test
  void whatWasCutOffCountsWhenItIsWrittenAgain(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import os
            def download(line, d):
                files = [open(f'{i}', 'wb', buffering=0) for i in range(20)]
                for i, f in enumerate(files):
                    f.write(b'x' * 900_000)
                    os.truncate(f'{i}', 0)
                    f.seek(0)
                for f in files: f.write(b'x' * 900_000)
            """);

    assertThat(failed.message()).startsWith("download wrote more than 1 MiB");
  }

  @Test
  void whatAScriptKeepsOpenDoesNotGrowWithItsLines(TestWorker worker) throws Exception {
    String source =
        """
        log = open('log', 'wb', buffering=0)
        def download(line, d):
            log.write(b'x' * 900_000)
        """;

    assertThat(worker.failure(source).failureClass()).isEqualTo(FailureClass.RETURNED_NONE);
    assertThat(worker.failure(source).message()).startsWith("download wrote more than 1 MiB");
  }

  @Test
  void onlyTheEndOfTheOutputIsKept(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import sys
            def download(line, d):
                for _ in range(100): print('x' * 10**5)
                sys.stderr.write('the end')
            """);

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RETURNED_NONE);
    assertThat(failed.output()).hasSize(64 * 1024).endsWith("x\nthe end");
  }
}
