package io.aihub.client.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.lifecycle.Disk;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Hashes;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.script.ScriptRuntime;
import io.aihub.client.script.ScriptStore;
import io.aihub.client.script.packages.PackageSettings;
import io.aihub.client.server.ServerClient;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is waited for, and is none because a script says so. */
class LineRunnerTest {

  private static final byte[] SCRIPT =
      """
      def download(line, output_local_dir):
          raise OSError(28, 'No space left on device')
      """
          .getBytes(StandardCharsets.UTF_8);

  private final DrainSignal drain = new DrainSignal();
  private final Holding holding = new Holding();

  @TempDir private Path folder;

  @Test
  void whoSaysThatADiskIsFullThatHasRoomHasFailed() throws Exception {
    LineResult result = result(0);

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.failureClass()).isEqualTo(FailureClass.SCRIPT);
    assertThat(result.message()).contains("No space left on device (line 2 of the script)");
  }

  @Test
  void aLineOfAFullDiskHasNotFailed() throws Exception {
    drain.begin(); // or it would wait for room

    assertThat(result(Long.MAX_VALUE).outcome()).isEqualTo(Outcome.GIVEN_BACK);
    assertThat(holding.reason().orElseThrow()).contains("No space left on device");
  }

  private LineResult result(long minFreeBytes) throws Exception {
    String sha256 = Hashes.sha256(SCRIPT);
    Files.write(Files.createDirectories(folder.resolve("scripts")).resolve(sha256 + ".py"), SCRIPT);
    LeasedLine line = new LeasedLine(1, 1, "line");
    LeaseGrant grant =
        new LeaseGrant(UUID.randomUUID(), 1, 1, sha256, 120, 60, List.of(line), null);
    Path worker = Files.createDirectory(folder.resolve("worker"));
    Disk disk = new Disk(folder, minFreeBytes, holding);
    try (ServerClient nobody = new ServerClient(URI.create("http://127.0.0.1:9"), "secret", 1);
        ScriptRuntime runtime =
            new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath());
        LineRunner runner =
            new LineRunner(
                runtime.newContext(worker),
                new ScriptStore(
                    nobody,
                    folder.resolve("scripts"),
                    runtime.newPackageStore(PackageSettings.DEFAULT, Clock.systemUTC())),
                disk,
                holding,
                drain)) {
      return runner.run(grant, line, worker.resolve("line")).result();
    }
  }
}
