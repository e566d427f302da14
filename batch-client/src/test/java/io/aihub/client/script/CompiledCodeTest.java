package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * GraalPy remembers functions as long as the process lives; what scripts make up may not add up.
 */
class CompiledCodeTest {

  private static final int CONTEXTS = 6;
  private static final Logger LOG = Logger.getLogger(CompiledCode.class.getName());

  @TempDir private Path temporary;

  @Test
  void whatScriptsLoadFromByteCodeOfTheirOwnDoesNotAddUp() throws Exception {
    Script script =
        TestScripts.script(
            """
            import marshal
            def download(line, d):
                source = ''.join(f'def f{i}(): return {line}\\nf{i}()\\n' for i in range(2000))
                exec(marshal.loads(marshal.dumps(compile(source, 'made_up', 'exec'))))
            """);
    try (ScriptRuntime runtime =
        new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath())) {
      ScriptContext context = runtime.newContext(temporary);
      int most = 0;
      for (int i = 0; i < CONTEXTS; i++) {
        Path folder = Files.createDirectory(temporary.resolve("call-" + i));
        ScriptOutcome outcome =
            context.download(script, Integer.toString(i), folder, Duration.ofMinutes(2));
        assertThat(outcome)
            .isInstanceOfSatisfying(
                ScriptOutcome.Failed.class,
                failed ->
                    assertThat(failed.failureClass())
                        .as(failed.message())
                        .isEqualTo(FailureClass.RETURNED_NONE));
        most = Math.max(most, runtime.loadedFunctions());
        context.close();
        assertThat(runtime.loadedFunctions()).isLessThanOrEqualTo(CompiledCode.MAX_LOADED);
      }
      assertThat(most).as("GraalPy remembers them").isGreaterThan(CompiledCode.MAX_LOADED / 2);
    }
  }

  @Test
  void ofAGraalPyThatKeepsThemElsewhereItLetsGoOfNothingAndSaysSo() {
    List<LogRecord> said = new ArrayList<>();
    Handler listener = listener(said);
    LOG.addHandler(listener);
    CompiledCode code;
    try {
      code = CompiledCode.of("none of its classes");
    } finally {
      LOG.removeHandler(listener);
    }
    code.forget();

    assertThat(code.loaded()).isZero();
    assertThat(code.calls()).isZero();
    assertThat(said)
        .hasSize(2)
        .allMatch(record -> record.getLevel().equals(Level.WARNING))
        .allMatch(record -> record.getMessage().endsWith("the client's memory will grow"));
  }

  private static Handler listener(List<LogRecord> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord told) {
        said.add(told);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
