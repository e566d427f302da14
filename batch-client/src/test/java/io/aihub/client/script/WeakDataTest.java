package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What GraalPy knows of calls into Java is noted here, and goes with the code that makes them. */
class WeakDataTest {

  @TempDir private Path temporary;

  /** Has the map where GraalPy's language has it. */
  private static final class Language {
    private final Map<Object, Object> interopCallDataMap = new WeakHashMap<>();
  }

  @Test
  void graalPyNotesItsCallsHere() throws Exception {
    try (ScriptRuntime runtime =
        new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath())) {
      runtime.newContext(temporary).prepare();

      assertThat(runtime.knownCalls()).isPositive();
    }
  }

  @Test
  void aValueThatRefersToItsKeyKeepsNeither() throws Exception {
    Language language = new Language();
    WeakData.putIn(language);
    Map<Object, Object> calls = language.interopCallDataMap;
    Object held = new Object();
    Object[] value = {held};
    calls.computeIfAbsent(held, key -> value);
    for (int i = 0; i < 100; i++) {
      calls.computeIfAbsent(new Object(), key -> new Object[] {key});
    }

    await("the rest is let go of")
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              System.gc();
              return calls.size() == 1;
            });
    assertThat(calls.get(held)).isSameAs(value);
    assertThat(calls.computeIfAbsent(held, key -> "another")).isSameAs(value);
  }
}
