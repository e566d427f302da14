package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script breaks or leaves, its own next line doesn't meet. */
@ExtendWith(SharedWorker.class)
class SpoilingScriptTest {

  @AfterAll
  static void nothingIsLeft(TestWorker worker) throws Exception {
    worker.assertGoesOn();
    worker.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sys.stdout.close()",
        "os.close(1)",
        "os.dup2(os.open('file', os.O_CREAT | os.O_WRONLY), 2)",
        "sys.stdout = None",
        "builtins.print = None",
        "builtins.len = lambda of: 0",
        "del builtins.open",
        "builtins.added = 1",
        "threading.Thread(target=time.sleep, args=(1000,)).start()",
        "threading.Timer(1000, print).start()",
        "signal.alarm(1000)",
        "signal.setitimer(signal.ITIMER_REAL, 1000)"
      })
  void theNextLineOfTheScriptRunsInANewContext(String statement, TestWorker worker)
      throws Exception {
    String source =
        """
        import builtins, os, signal, sys, threading, time
        calls = 0
        def download(line, d):
            global calls
            calls += 1
            if line == 'break': STATEMENT
            else: print('call', calls, len('four'), threading.active_count())
        """
            .replace("STATEMENT", statement);
    worker.call(source, "break", TestWorker.PATIENCE);

    Failed next = (Failed) worker.call(source, "look", TestWorker.PATIENCE);

    assertThat(next.failureClass()).as(next.message()).isEqualTo(FailureClass.RETURNED_NONE);
    assertThat(next.output()).isEqualTo("call 1 4 1\n");
  }

  @Test
  void aScriptThatBreaksNothingKeepsItsContext(TestWorker worker) throws Exception {
    String source =
        """
        import io, sys, threading
        calls = 0
        log = open('log', 'w')
        sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')
        def download(line, d):
            global calls
            calls += 1
            log.write(line)
            log.flush()
            thread = threading.Thread(target=print, args=('call', calls))
            thread.start()
            thread.join()
        """;
    worker.failure(source);

    assertThat(worker.failure(source).output()).isEqualTo("call 2\n");
  }

  @Test
  void aScriptDoesNotMeetWhatAnotherOneHasChanged(TestWorker worker) throws Exception {
    worker.failure(
        """
        import os, requests, sys
        def download(line, d):
            requests.get = os.listdir = None
            sys.modules['json'] = None
            os.environ['HOME'] = '/'
            sys.path.clear()
        """);

    Failed next =
        worker.failure(
            """
            import json, os, requests
            def download(line, d):
                print(requests.get is not None, os.listdir('.'), os.environ['HOME'] != '/')
            """);

    assertThat(next.output()).isEqualTo("True [] True\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "open('file', 'wb').write(b'x' * 100)| 100",
        "f = open('file', 'w'); f.write('x' * 100); del f| 100",
        "kept.append(open('file', 'w', buffering=10**6)); kept[0].write('x' * 10000)| 10000",
        "pathlib.Path('file').open('w').write('x' * 100)| 100",
        "os.write(os.open('file', 65), b'x' * 100)| 100",
        "[open(f'{n}', 'w').write('x') for n in range(40)]; open('file', 'w').write('x' * 100)| 100"
      })
  void aFileThatIsNotClosedIsComplete(String statement, int size, TestWorker worker)
      throws Exception {
    Produced produced =
        (Produced)
            worker.call(
                """
                import os, pathlib
                kept = []
                def download(line, d):
                    STATEMENT
                    return 'file'
                """
                    .replace("STATEMENT", statement));

    assertThat(produced.file()).hasSize(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip.open('file', 'wb').write(TEXT.encode())",
        "gzip.open('file', 'wt').write(TEXT)",
        "kept.append(gzip.GzipFile(fileobj=open('file', 'wb'), mode='w')); kept[0].write(TEXT.encode())",
        "z = zipfile.ZipFile('file', 'w', zipfile.ZIP_DEFLATED); z.writestr('member', TEXT)",
        "kept.append(zipfile.ZipFile(pathlib.Path('file'), 'x')); kept[0].writestr('member', TEXT)"
      })
  void anArchiveThatIsNotClosedIsComplete(String statement, TestWorker worker) throws Exception {
    Path file = written(statement, worker);

    if (statement.contains("gzip")) {
      try (InputStream unpacked = new GZIPInputStream(Files.newInputStream(file))) {
        assertThat(unpacked.readAllBytes()).hasSize(150_000);
      }
    } else {
      try (ZipFile archive = new ZipFile(file.toFile())) {
        assertThat(archive.getEntry("member").getSize()).isEqualTo(150_000);
      }
    }
  }

  @Test
  void soIsOneOfXz(TestWorker worker) throws Exception {
    byte[] file = Files.readAllBytes(written("lzma.open('file', 'wt').write(TEXT)", worker));

    assertThat(file).startsWith(0xFD, '7', 'z', 'X', 'Z').endsWith('Y', 'Z');
  }

  @Test
  void anArchiveWhoseFileIsClosedAlreadyFailsNothing(TestWorker worker) throws Exception {
    String statement = "g = gzip.GzipFile(fileobj=open('file', 'wb'), mode='w'); g.fileobj.close()";

    assertThat(written(statement, worker)).exists();
  }

  private static Path written(String statement, TestWorker worker) throws IOException {
    Produced produced =
        (Produced)
            worker.call(
                """
                import gzip, lzma, pathlib, zipfile
                TEXT = 'a line of text\\n' * 10000
                kept = []
                def download(line, d):
                    STATEMENT
                    return 'file'
                """
                    .replace("STATEMENT", statement));
    return produced.file();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os.path.getsize('file')",
        "os.stat('file', follow_symlinks=False).st_size",
        "pathlib.Path('file').stat().st_size",
        "len(open('file', 'rb').read())",
        "len(pathlib.Path('file').read_bytes())",
        "os.stat(shutil.copy('file', 'copy')).st_size"
      })
  void aFileThatIsNotClosedCanBeLookedAt(String look, TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import os, pathlib, shutil
            def download(line, d):
                open('file', 'wb').write(b'x' * 100)
                print(LOOK)
            """
                .replace("LOOK", look));

    assertThat(failed.output()).isEqualTo("100\n");
  }

  @Test
  void aFileThatCouldNotBeCompletedIsAFailure(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            def download(line, d):
                open('file', 'wb', buffering=2**22).write(b'x' * 2**21)
                return 'file'
            """);

    assertThat(failed.message()).startsWith("download wrote more than 1 MiB");
  }

  @Test
  void theFileOfALineCanNotBeChangedByALaterOne(TestWorker worker) throws Exception {
    String source =
        """
        import os
        kept = []
        def download(line, d):
            if not kept:
                kept.append(os.open('file', os.O_CREAT | os.O_WRONLY))
                kept.append(open('other', 'w'))
                return 'file'
            for change in (lambda: os.write(kept[0], b'x'), lambda: kept[1].write('x')):
                try: change()
                except (OSError, ValueError): print('closed')
        """;
    Produced first = (Produced) worker.call(source);
    Files.move(first.file(), worker.root().resolve("kept"));

    assertThat(worker.failure(source).output()).isEqualTo("closed\nclosed\n");
    assertThat(worker.root().resolve("kept")).isEmptyFile();
    Files.delete(worker.root().resolve("kept"));
  }
}
