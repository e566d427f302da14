package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.ClientJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts that eat the heap bit by bit are stopped before it is full, and nobody else is. Those
 * that eat large pieces are sometimes faster: {@code eat_list} isn't held to it.
 */
class MemoryWatchTest {

  private static final int TIMES = 2;

  @TempDir private Path temporary;

  @Test
  void whatEatsTheHeapIsStoppedAndItsNeighboursGoOn() throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                Path.of("target/script-runtime").toAbsolutePath().toString(),
                temporary.resolve("work").toString(),
                "2"));
    for (String eater : List.of("eat_text", "eat_dictionary", "eat_nest")) {
      arguments.addAll(Collections.nCopies(TIMES, eater));
    }

    ClientJvm.Ended ended = ClientJvm.run(HeapEaters.class, arguments.toArray(String[]::new));

    assertThat(ended.status()).as(String.join("\n", ended.said())).isZero();
  }
}
