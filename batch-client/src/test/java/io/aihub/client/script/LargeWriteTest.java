package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.ClientJvm;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a script writes or reads at once passes through memory outside of the heap, which Java would
 * keep for each worker's thread: with the client's JVM flags it doesn't.
 */
class LargeWriteTest {

  private static final int BYTES = 40_000_000;

  @TempDir private Path temporary;

  @Test
  void theMemoryThatALargeFileHasPassedThroughIsGivenBack() throws Exception {
    ClientJvm.Ended ended =
        ClientJvm.run(
            LargeWriteTest.class,
            Path.of("target/script-runtime").toAbsolutePath().toString(),
            temporary.toString());

    assertThat(ended.status()).as(String.join("\n", ended.said())).isZero();
  }

  /** Arguments: home of the runtime, folder for outputs. Its status is 0 where all was well. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectory(Path.of(arguments[1], "line"));
    Script script =
        TestScripts.script(
            """
            def download(line, output_local_dir):
                with open('file', 'wb', buffering=0) as file:
                    file.write(bytearray(int(line)))
                with open('file', 'rb') as file:
                    assert len(file.read()) == int(line)
                return 'file'
            """);
    ScriptContext context =
        new ScriptRuntime(Path.of(arguments[0])).newContext(Path.of(arguments[1]));
    ScriptOutcome outcome =
        context.download(script, Integer.toString(BYTES), folder, Duration.ofMinutes(2));
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    System.out.println(outcome + " " + direct);
    boolean well = outcome instanceof ScriptOutcome.Produced && direct < BYTES / 4;
    Runtime.getRuntime().halt(well ? 0 : 1);
  }
}
