package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.ClientJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts that read large files in one piece, as most do, wait for each other where all at once
 * would take the process down.
 */
class LargeBodiesTest {

  @TempDir private Path temporary;

  @Test
  void largeFilesReadInOnePieceWaitForEachOther() throws Exception {
    ClientJvm.Ended ended =
        ClientJvm.run(
            LargeBodies.class,
            Path.of("target/script-runtime").toAbsolutePath().toString(),
            temporary.toString(),
            "4");

    assertThat(ended.status()).as(String.join("\n", ended.said())).isZero();
  }
}
