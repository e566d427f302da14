package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.StoredObjects;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Lines that eat the memory of a real client, beside harmless ones in the same process. The watch
 * stops what grows bit by bit. One allocation of all there is ends the process: nothing else that a
 * script does can ({@code os._exit} doesn't), so it stands for every line that takes its neighbours
 * with it. The client is started again, the line tried until it is found guilty, and its neighbours
 * are done.
 */
class MemoryIT {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String TAG = "memory";
  private static final String TARGET = "memory/lines";
  private static final int GOOD = 40;
  private static final List<String> STOPPED = List.of("list", "dictionary", "exit");
  private static final List<String> FATAL = List.of("bytes");
  private static final List<String> GUILTY =
      Stream.concat(STOPPED.stream(), FATAL.stream()).toList();

  /** The harmless lines take a moment, so that some are there when an eater strikes. */
  private static final String SCRIPT =
      """
      import os, time

      def download(line, output_local_dir):
          eaten = []
          while line == 'list':
              eaten.append(bytearray(100_000))
          eaten = {}
          while line == 'dictionary':
              eaten[str(len(eaten))] = {'number': len(eaten)}
          if line == 'bytes':
              bytearray(2_000_000_000)
          if line == 'exit':
              os._exit(1)
          time.sleep(0.5)
          path = os.path.join(output_local_dir, line)
          with open(path, 'w') as file:
              file.write(line)
          return path
      """;

  private int starts;

  @Test
  void linesThatEatTheHeapFailAndNoOtherLineIsLost() throws Exception {
    Path folder = Testbed.buildFolder().resolve("memory-it");
    try (Testbed testbed = new Testbed(folder, Testbed.Options.anyPorts())) {
      testbed.recoverQuickly();
      testbed.start();
      DownloadClient client =
          testbed
              .client("eaten", testbed.admin().createMachine("eaten", TAG).token())
              .with("aihub.client.workers", 3)
              .with("aihub.client.lease-lines", 1);
      Submission people = Submission.withPeople(testbed, "memory-it-password");
      Path script = Files.writeString(folder.resolve("eating.py"), SCRIPT);
      TaskView task =
          people.submit(
              "memory",
              TAG,
              TARGET,
              RequestBody.fromString(String.join("\n", lines()) + "\n"),
              script);

      Api.TaskDetail end =
          people.await(
              task.id(),
              "it ends",
              LIMIT,
              now -> {
                startWhereEnded(client);
                return now.task().state() != TaskState.IN_PROGRESS;
              });

      assertThat(end.task().state()).isEqualTo(TaskState.COMPLETED);
      assertThat(end.ledger().balances()).isTrue();
      assertThat(end.ledger().lines()).isEqualTo(GOOD + GUILTY.size());
      assertThat(end.ledger().succeeded()).isEqualTo(GOOD);
      List<FailureView> failures = people.submitter().failures(task.id(), 0, 100).items();
      assertThat(failures)
          .extracting(FailureView::text)
          .containsExactlyInAnyOrderElementsOf(GUILTY);
      assertThat(failures).allSatisfy(MemoryIT::saysWhatHappened);
      assertThat(starts).as("starts of the client").isGreaterThan(1);
      assertThat(client.log())
          .content(StandardCharsets.ISO_8859_1)
          .contains("Terminating due to java.lang.OutOfMemoryError");
      StoredObjects stored = new StoredObjects(testbed.storage().folder(Testbed.BUCKET), TARGET);
      assertThat(stored.differencesFromManifest()).isEmpty();
      assertThat(stored.manifest())
          .as("one record a line")
          .hasSize(GOOD + GUILTY.size())
          .extracting(line -> line.path("line").asLong())
          .doesNotHaveDuplicates();
    }
  }

  /** The guilty ones in the midst of the others. */
  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < GOOD; i++) {
      lines.add("good-" + i);
    }
    for (int i = 0; i < GUILTY.size(); i++) {
      lines.add((i + 1) * GOOD / (GUILTY.size() + 1), GUILTY.get(i));
    }
    return Collections.unmodifiableList(lines);
  }

  /** Found out in time, or by the ends of its process. */
  private static void saysWhatHappened(FailureView failure) {
    if (failure.failureClass() == FailureClass.LOST) {
      assertThat(failure.text()).isNotEqualTo("exit");
      assertThat(failure.message()).contains("The workers that held this line vanished");
    } else {
      assertThat(FATAL).doesNotContain(failure.text());
      assertThat(failure.failureClass()).isEqualTo(FailureClass.SCRIPT);
      assertThat(failure.message()).containsAnyOf("took more memory", "ended the interpreter");
    }
  }

  /** As whatever runs clients does it. */
  private void startWhereEnded(DownloadClient client) {
    if (!client.isAlive()) {
      starts++;
      try {
        client.start();
      } catch (IOException unexpected) {
        throw new UncheckedIOException(unexpected);
      }
    }
  }
}
