package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.DemoIndex;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.Origin;
import io.aihub.testbed.StoredObjects;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

class FaultIT {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String TAG = "fault";
  private static final String TARGET = "fault/demo";
  private static final int FILES = 300;

  @Test
  void aTaskCompletesByItselfThoughAClientAndThenTheServerAreKilled() throws Exception {
    Path folder = Testbed.buildFolder().resolve("fault-it");
    try (Testbed testbed = new Testbed(folder, Testbed.Options.anyPorts());
        Origin origin = new Origin(folder.resolve("origin"), FILES, false)) {
      testbed.recoverQuickly();
      testbed.start();
      DownloadClient killed = startClient(testbed, "killed");
      startClient(testbed, "survivor");
      origin.slowDown(Duration.ofMillis(300));
      DemoIndex index = DemoIndex.of(origin);
      Submission people = Submission.withPeople(testbed, "fault-it-password");
      TaskView task =
          people.submit(
              "fault",
              TAG,
              TARGET,
              RequestBody.fromString(index.text()),
              Submission.seedScript(testbed));

      people.await(task.id(), "both clients work", LIMIT, FaultIT::isUnderWay);
      killed.kill();
      long before = people.submitter().task(task.id()).ledger().settled();
      people.await(
          task.id(), "the other works on", LIMIT, now -> now.ledger().settled() > before + 20);
      testbed.server().kill();
      testbed.server().start();
      assertThat(people.submitter().task(task.id()).task().state())
          .as("there is work left for the restarted server")
          .isEqualTo(TaskState.IN_PROGRESS);

      origin.slowDown(Duration.ZERO);
      Api.TaskDetail end = people.awaitEnd(task.id(), LIMIT);
      assertThat(end.task().state()).isEqualTo(TaskState.COMPLETED);
      assertThat(end.ledger().balances()).isTrue();
      assertThat(end.ledger().lines()).isEqualTo(index.lines());
      assertThat(end.ledger().succeeded()).isEqualTo(index.expected().size());
      assertThat(end.ledger().failed()).isEqualTo(index.failing());
      assertThat(end.ledger().skipped()).isEqualTo(index.blank());
      StoredObjects stored = new StoredObjects(testbed.storage().folder(Testbed.BUCKET), TARGET);
      assertThat(stored.differencesFrom(index.expected())).isEmpty();
      assertThat(stored.differencesFromManifest()).isEmpty();
      assertThat(stored.manifest())
          .as("one record a line")
          .hasSize(index.lines())
          .extracting(line -> line.path("line").asLong())
          .doesNotHaveDuplicates();
    }
  }

  private static boolean isUnderWay(Api.TaskDetail task) {
    return task.ledger().settled() > 40 && task.ledger().leased() > 10;
  }

  private static DownloadClient startClient(Testbed testbed, String name) throws Exception {
    DownloadClient client = testbed.client(name, testbed.admin().createMachine(name, TAG).token());
    client.with("aihub.client.workers", 2).start();
    return client;
  }
}
