package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client holds of a body in whose midst a script is. */
@ExtendWith(SharedWorker.class)
class StreamingScriptTest {

  private static final int MEGABYTES = 300;

  /** The garbage of whatever else runs in this process meanwhile is not counted; its data is. */
  private static final long GROWTH = 60 << 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for part in response.iter_content(1 << 20): size += len(part)",
        "while part := response.raw.read(1 << 16): size += len(part)"
      })
  void ofAStreamedBodyNextToNothingIsInMemory(String reading, TestWorker worker) throws Exception {
    long before = liveHeap();
    try (PausingOrigin origin = new PausingOrigin(MEGABYTES)) {
      CompletableFuture<ScriptOutcome> call =
          begin(
              worker,
              """
              import requests
              def download(line, d):
                  size = 0
                  with requests.get(line, stream=True) as response:
                      READING
                  print(size >> 20)
              """
                  .replace("READING", reading),
              origin.url());
      origin.paused().get(1, TimeUnit.MINUTES);

      assertThat(liveHeap() - before).isLessThan(GROWTH);
      origin.goOn();
      assertThat(((Failed) call.get(1, TimeUnit.MINUTES)).output()).isEqualTo(MEGABYTES + 1 + "\n");
    }
    worker.assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests.get(line)",
        "requests.Session().get(line)",
        "requests.get(line, stream=True).raw.read()",
        "list(requests.get(line, stream=True).iter_content(1000))",
        "urllib.request.urlopen(line).read()"
      })
  void theConnectionOfALineThatIsStoppedInABodyIsClosed(String statement, TestWorker worker)
      throws Exception {
    try (PausingOrigin origin = new PausingOrigin(0)) {
      CompletableFuture<ScriptOutcome> call =
          begin(
              worker,
              """
              import requests, urllib.request
              def download(line, d):
                  while True:
                      try: STATEMENT
                      except BaseException: pass
              """
                  .replace("STATEMENT", statement),
              origin.url());
      origin.paused().get(1, TimeUnit.MINUTES);

      long stopped = System.nanoTime();
      worker.interrupt();

      assertThat(call.get(1, TimeUnit.MINUTES)).isEqualTo(new ScriptOutcome.Interrupted());
      assertThat(Duration.ofNanos(origin.left().get(1, TimeUnit.MINUTES) - stopped))
          .isLessThan(Duration.ofSeconds(2));
    }
    worker.assertNothingLeft();
  }

  private static CompletableFuture<ScriptOutcome> begin(
      TestWorker worker, String source, String line) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return worker.call(source, line, TestWorker.PATIENCE);
          } catch (IOException disk) {
            throw new UncheckedIOException(disk);
          }
        });
  }

  private static long liveHeap() {
    System.gc();
    Runtime memory = Runtime.getRuntime();
    return memory.totalMemory() - memory.freeMemory();
  }
}
