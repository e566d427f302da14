package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a script does or waits for, it ends at its time limit. */
@ExtendWith(SharedWorker.class)
class EndlessScriptTest {

  static Stream<String> endless() {
    return TestScripts.hostileFunctions().stream()
        .filter(name -> name.startsWith("timeout_") && !name.equals("timeout_of_cpu"));
  }

  @ParameterizedTest
  @MethodSource("endless")
  void itEndsAndTheWorkerGoesOnWithACleanContext(String name, TestWorker worker) throws Exception {
    assertStopped(worker.stopAtItsTimeLimit(name));

    worker.assertNothingLeft();
  }

  @Test
  void aModuleThatIsNeverLoadedEnds(TestWorker worker) throws Exception {
    assertStopped(
        worker.stopAtItsTimeLimit(
            """
            print('begun', flush=True)
            while True: pass
            def download(line, d): pass
            """,
            "a module"));
    worker.assertNothingLeft();
  }

  @Test
  void aComputationThatCannotBeStoppedHoldsNoWorker(TestWorker worker) throws Exception {
    assertStopped(
        worker.stopAtItsTimeLimit(
            """
            def download(line, d):
                print('begun', flush=True)
                sum(range(3 * 10**7))
            """,
            "a sum"));
    worker.assertGoesOn();

    worker.assertNothingLeft(); // once it has come to its end
  }

  @Test
  void theMessageTellsWhereItWas(TestWorker worker) throws Exception {
    TestWorker.Stop stop =
        worker.stopAtItsTimeLimit(
            """
            import time
            def wait():
                time.sleep(1000)
            def download(line, d):
                print('begun', flush=True)
                wait()
            """,
            "a line");

    assertThat(stop.failed().message()).endsWith(" s and was stopped (line 3 of the script)");
  }

  private static void assertStopped(TestWorker.Stop stop) {
    assertThat(stop.failed().message()).contains("download took longer than ", "and was stopped");
    assertThat(stop.late()).isLessThan(TestWorker.PATIENCE);
  }
}
