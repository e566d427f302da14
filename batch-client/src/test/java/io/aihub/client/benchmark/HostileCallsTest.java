package io.aihub.client.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.ClientJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark {@code hostile}, short: in a process of its own, with the client's JVM flags. */
class HostileCallsTest {

  private static final int CALLS = 200;

  @TempDir private Path temporary;

  @Test
  void hostileCallsOfEveryKindLeaveNothingInTheProcess() throws Exception {
    ClientJvm.Ended ended =
        ClientJvm.run(
            HostileLoad.class,
            Path.of("target/script-runtime").toAbsolutePath().toString(),
            temporary.resolve("work").toString(),
            "4",
            "4",
            "20",
            String.valueOf(CALLS),
            String.valueOf(CALLS));

    assertThat(ended.status()).as(String.join("\n", ended.said())).isZero();
    assertThat(ended.said().get(ended.said().size() - 1))
        .contains("calls=" + CALLS, "threads_left=0", "handles_left=0", "folders_left=0");
  }
}
