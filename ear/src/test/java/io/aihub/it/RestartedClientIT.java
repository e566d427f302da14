package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.LogAudit;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Lines that end a real client, beside harmless ones in the same process. Whatever runs clients
 * starts it again, and the harmless ones are done.
 */
class RestartedClientIT {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String MACHINE = "restarted";
  private static final int OUT_OF_MEMORY = 3; // of a JVM's ExitOnOutOfMemoryError
  private static final int TO_BE_RESTARTED = 75;
  private static final List<String> STOPPED = List.of("list", "dictionary", "exit");
  private static final List<String> FATAL = List.of("bytes");
  private static final List<String> EATING =
      Stream.concat(STOPPED.stream(), FATAL.stream()).toList();
  private static final String UNSTOPPABLE = "sum";

  /** The harmless lines take a moment, so that some are there when an evil one strikes. */
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
          if line == 'sum':
              sum(range(10 ** 12))
          time.sleep(0.5)
          path = os.path.join(output_local_dir, line)
          with open(path, 'w') as file:
              file.write(line)
          return path
      """;

  private static Testbed testbed;
  private static Submission people;
  private static Path script;
  private static String token;

  private DownloadClient client;
  private final List<Integer> ends = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    Path folder = Testbed.buildFolder().resolve("restarted-client-it");
    testbed = new Testbed(folder, Testbed.Options.anyPorts());
    testbed.recoverQuickly();
    testbed.start();
    people = Submission.withPeople(testbed, "restarted-client-it-password");
    script = Files.writeString(folder.resolve("evil.py"), SCRIPT);
    token = testbed.admin().createMachine(MACHINE, MACHINE).token();
  }

  @AfterAll
  static void stop() throws IOException {
    testbed.close();
  }

  @AfterEach
  void stopTheClient() {
    client.stop();
  }

  /**
   * The watch stops what grows bit by bit. One allocation of all there is ends the process: {@code
   * os._exit} doesn't, so it stands for every line that takes its neighbours with it. It is tried
   * until it is found guilty.
   */
  @Test
  void linesThatEatTheHeapFailAndNoOtherLineIsLost() throws Exception {
    client = newClient().with("aihub.client.lease-lines", 1);
    int harmless = 40;
    TaskView task = submit("eaten", harmless, EATING);

    Api.TaskDetail end = awaitEnd(task);

    assertDone(end, harmless, EATING);
    assertThat(people.submitter().failures(task.id(), 0, 100).items())
        .allSatisfy(RestartedClientIT::saysWhatItAte);
    assertThat(ends).isNotEmpty().containsOnly(OUT_OF_MEMORY);
    assertThat(client.log())
        .content(StandardCharsets.ISO_8859_1)
        .contains("Terminating due to java.lang.OutOfMemoryError");
  }

  /** Its worker goes on, but the thread never ends. */
  @Test
  void aComputationThatCannotBeStoppedHasTheClientDrainAndEndToBeRestarted() throws Exception {
    List<String> explained = LogAudit.conspicuous(testbed.logs());
    client =
        newClient()
            .with("aihub.client.script-cpu-seconds", 2)
            .with("aihub.client.script-stuck-seconds", 15);
    int harmless = 150;
    client.start();
    TaskView task = submit("stuck", harmless, List.of(UNSTOPPABLE));

    Api.TaskDetail left =
        people.await(task.id(), "the client ends", LIMIT, now -> !client.isAlive());
    assertThat(left.ledger().succeeded()).as("lines done before").isBetween(1L, harmless - 1L);
    assertThat(left.ledger().leased()).as("lines that nobody has given back").isZero();
    assertThat(client.log())
        .content(StandardCharsets.ISO_8859_1)
        .contains("Draining: no new lines; 3 workers finish theirs")
        .contains("Drained; 0 workers could not finish");
    Api.TaskDetail end = awaitEnd(task);

    assertDone(end, harmless, List.of(UNSTOPPABLE));
    assertThat(people.submitter().failures(task.id(), 0, 100).items())
        .allSatisfy(
            failure -> {
              assertThat(failure.failureClass()).isEqualTo(FailureClass.TIMEOUT);
              assertThat(failure.message()).contains("CPU");
            });
    assertThat(stored(end).manifest())
        .as("what was given back counts as never tried")
        .filteredOn(line -> line.path("outcome").asString().equals("succeeded"))
        .extracting(line -> line.path("attempts").asInt())
        .containsOnly(1);
    assertThat(ends).isNotEmpty().containsOnly(TO_BE_RESTARTED);
    List<String> conspicuous = new ArrayList<>(LogAudit.conspicuous(testbed.logs()));
    conspicuous.removeAll(explained);
    assertThat(conspicuous)
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "A script holds a thread that can't be stopped; the client ends to be"
                            + " restarted"));
  }

  /** With settings of its own; the folder is that of the one before, which has Python ready. */
  private static DownloadClient newClient() {
    return testbed.client(MACHINE, token).with("aihub.client.workers", 3);
  }

  /** A task with evil lines among the others, one of them first. */
  private static TaskView submit(String name, int harmless, List<String> evil) throws IOException {
    List<String> lines = new ArrayList<>(harmlessLines(harmless));
    for (int i = 0; i < evil.size(); i++) {
      lines.add(i + i * harmless / evil.size(), evil.get(i));
    }
    return people.submit(
        name,
        MACHINE,
        "restarted/" + name,
        RequestBody.fromString(String.join("\n", lines) + "\n"),
        script);
  }

  private static List<String> harmlessLines(int count) {
    return Stream.iterate(0, i -> i < count, i -> i + 1).map(i -> "good-" + i).toList();
  }

  private Api.TaskDetail awaitEnd(TaskView task) {
    return people.await(
        task.id(),
        "it ends",
        LIMIT,
        now -> {
          startWhereEnded();
          return now.task().state() != TaskState.IN_PROGRESS;
        });
  }

  /** As whatever runs clients does it. */
  private void startWhereEnded() {
    if (!client.isAlive()) {
      client.exitStatus().ifPresent(ends::add);
      try {
        client.start();
      } catch (IOException unexpected) {
        throw new UncheckedIOException(unexpected);
      }
    }
  }

  private static void assertDone(Api.TaskDetail end, int harmless, List<String> evil)
      throws IOException {
    assertThat(end.task().state()).isEqualTo(TaskState.COMPLETED);
    assertThat(end.ledger().balances()).isTrue();
    assertThat(end.ledger().lines()).isEqualTo(harmless + evil.size());
    assertThat(end.ledger().succeeded()).isEqualTo(harmless);
    assertThat(people.submitter().failures(end.task().id(), 0, 100).items())
        .extracting(FailureView::text)
        .containsExactlyInAnyOrderElementsOf(evil);
    assertThat(stored(end).differencesFromManifest()).isEmpty();
    assertThat(stored(end).manifest())
        .as("one record a line")
        .hasSize(harmless + evil.size())
        .extracting(line -> line.path("line").asLong())
        .doesNotHaveDuplicates();
  }

  private static StoredObjects stored(Api.TaskDetail end) {
    return new StoredObjects(testbed.storage().folder(Testbed.BUCKET), end.task().targetPath());
  }

  /** Found out in time, or by the ends of its process. */
  private static void saysWhatItAte(FailureView failure) {
    if (failure.failureClass() == FailureClass.LOST) {
      assertThat(failure.text()).isNotEqualTo("exit");
      assertThat(failure.message()).contains("The workers that held this line vanished");
    } else {
      assertThat(FATAL).doesNotContain(failure.text());
      assertThat(failure.failureClass()).isEqualTo(FailureClass.SCRIPT);
      assertThat(failure.message()).containsAnyOf("took more memory", "ended the interpreter");
    }
  }
}
