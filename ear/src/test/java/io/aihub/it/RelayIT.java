package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.DemoIndex;
import io.aihub.testbed.NginxRelay;
import io.aihub.testbed.Origin;
import io.aihub.testbed.StoredObjects;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.core.sync.RequestBody;

/** The same server first with one relay, then with the other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RelayIT {

  private static final String TAG = "relay";
  private static final int FILES = 60;

  private static Testbed testbed;
  private static Origin origin;
  private static Submission people;

  @BeforeAll
  static void start() throws IOException {
    Path folder = Testbed.buildFolder().resolve("relay-it");
    testbed = new Testbed(folder, Testbed.Options.anyPorts());
    origin = new Origin(folder.resolve("origin"), FILES, false);
    testbed.server().with("aihub.queue.retry-base-seconds", 1).with("aihub.queue.poll-seconds", 1);
    testbed.start();
    people = Submission.withPeople(testbed, "relay-it-password");
    testbed.client("client", testbed.admin().createMachine("client", TAG).token()).start();
  }

  @AfterAll
  static void stop() throws IOException {
    origin.close();
    testbed.close();
  }

  @Test
  @Order(1)
  void aTaskComesThroughAnS3ProxyThatSignsAgain() throws IOException {
    run("s3proxy");
  }

  @Test
  @Order(2)
  void aTaskComesThroughAnNginxThatPassesRequestsThrough() throws IOException {
    Optional<Path> program = NginxRelay.program();
    if (program.isEmpty()) {
      String how = "No nginx on this machine; install it (apt-get install nginx-light).";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        fail(how);
      }
      abort(how);
    }
    NginxRelay nginx = testbed.nginx(program.get());
    nginx.start();
    try {
      testbed.server().stop();
      testbed.relay().stop(); // so that nothing can come that way
      testbed.useRelay(
          nginx.endpoint(), testbed.storage().accessKey(), testbed.storage().secretKey());
      testbed.server().start();
      run("nginx");
    } finally {
      nginx.stop();
    }
  }

  private static void run(String name) throws IOException {
    DemoIndex index = DemoIndex.of(origin);
    String target = "relay/" + name;
    TaskView task =
        people.submit(
            name,
            TAG,
            target,
            RequestBody.fromString(index.text()),
            Submission.seedScript(testbed));
    Api.TaskDetail end = people.awaitEnd(task.id(), Duration.ofMinutes(10));
    assertThat(end.task().state()).isEqualTo(TaskState.COMPLETED);
    assertThat(end.ledger().balances()).isTrue();
    assertThat(end.ledger().succeeded()).isEqualTo(index.expected().size());
    assertThat(
            new StoredObjects(testbed.storage().folder(Testbed.BUCKET), target)
                .differencesFrom(index.expected()))
        .isEmpty();
  }
}
