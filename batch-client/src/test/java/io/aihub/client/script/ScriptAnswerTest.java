package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.queue.api.FailureClass;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of what a script returns, prints and raises. */
@ExtendWith(SharedWorker.class)
class ScriptAnswerTest {

  @AfterAll
  static void nothingIsLeft(TestWorker worker) throws Exception {
    worker.assertGoesOn();
    worker.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'file'",
        "'./folder/../file'",
        "d + '/file'",
        "d + '//file'",
        "pathlib.Path(d) / 'file'",
        "Path('file')",
        "Text('file')"
      })
  void aPathBelowTheOutputDirectoryIsItsFile(String value, TestWorker worker) throws Exception {
    Produced produced = (Produced) worker.call(returning(value));

    assertThat(produced.path()).isEqualTo("file");
    assertThat(produced.file()).isEqualTo(worker.output().resolve("file")).hasContent("text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "42| download returned 42 of type int, which is not a path",
        "b'file'| download returned b'file' of type bytes, which is not a path",
        "['file']| download returned ['file'] of type list, which is not a path",
        "('file', 'folder')| download returned ('file', 'folder') of type tuple, which is not a path",
        "True| download returned True of type bool, which is not a path",
        "Path(b'file')| ,download returned something of type Path, which is not a path",
        "d| is not below the output directory ",
        "d + '/missing'| does not exist",
        "'../' + 'secret'| does not exist",
        "'folder'| is not a regular file",
        "'/dev/null'| is not below the output directory ",
        "'/etc/passwd'| is not below the output directory ",
        "requests.__file__| is not below the output directory ",
        "''| is not below the output directory ",
        "'a\\0b'| can't be read: ",
        "'\\ud800'| can't be read: ",
        "'x' * 10**5| xxx…', which "
      })
  void anythingElseIsAnOutputFailureThatSaysWhatCame(
      String value, String message, TestWorker worker) throws Exception {
    Failed failed = worker.failure(returning(value));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.OUTPUT);
    assertThat(failed.message())
        .startsWith("download returned ")
        .contains(message.replaceFirst("^,.* of", " of"))
        .hasSizeLessThan(4001);
  }

  @Test
  void aTracebackHasTheScriptsOwnLines(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import json

            def parse(text):
                return json.loads(text)

            def download(line, d):
                print('parsing')
                parse('{')
            """);

    String name = "download_[0-9a-f]{12}.py";
    assertThat(failed.message()).endsWith(" (line 4 of the script)");
    assertThat(failed.output())
        .matches(
            """
            parsing
            Traceback \\(the script's own lines, most recent call last\\):
              File "NAME", line 8, in download
                parse\\('\\{'\\)
              File "NAME", line 4, in parse
                return json.loads\\(text\\)
            JSONDecodeError: .*
            """
                .replace("NAME", name));
  }

  @Test
  void anErrorOfTheSyntaxNamesItsLine(TestWorker worker) throws Exception {
    Failed failed = worker.failure("import os\n\ndef download(line, d)\n    pass\n");

    assertThat(failed.failureClass()).isEqualTo(FailureClass.SCRIPT);
    assertThat(failed.message()).startsWith("SyntaxError: ").endsWith("(line 3 of the script)");
    assertThat(failed.output()).contains("def download(line, d)");
  }

  @Test
  void aScriptWithoutAFunctionIsTold(TestWorker worker) throws Exception {
    assertThat(worker.failure("download = 1\n").message())
        .isEqualTo("the script has no function download(line, output_local_dir)");
  }

  @Test
  void whatIsNoTextBecomesSigns(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            """
            import sys
            def download(line, d):
                sys.stdout.buffer.write(b'\\xff\\xfe\\x00 not UTF-8\\n')
                print('\\ud800 \\x1b[2J\\x1b]0;title\\x07 \\x7f\\x9b1m <b>&amp;</b> \\u202eleft\\u2028 \\U0001f40d \\r50 %\\r\\n')
                raise ValueError('\\x1b[31m\\ud800\\x00\\u202e<script>')
            """);

    assertThat(failed.output())
        .startsWith(
            "\uFFFD\uFFFD\u2400 not UTF-8\n"
                + "\\ud800 \u241B[2J\u241B]0;title\u2407 \uFFFD\uFFFD1m <b>&amp;</b> \uFFFDleft\uFFFD"
                + " \uD83D\uDC0D \n50 %\n\n");
    assertThat(failed.message())
        .isEqualTo("ValueError: \u241B[31m\uFFFD\u2400\uFFFD<script> (line 5 of the script)");
  }

  private static String returning(String value) {
    return """
        import os, pathlib, requests
        class Path(os.PathLike):
            def __init__(self, path): self.path = path
            def __fspath__(self): return self.path
            def __repr__(self): raise ValueError
        class Text(str):
            def __getitem__(self, at): return 42
            def __str__(self): return 'other'
        def download(line, d):
            os.mkdir('folder')
            with open('file', 'w') as file: file.write('text')
            return VALUE
        """
        .replace("VALUE", value);
  }
}
