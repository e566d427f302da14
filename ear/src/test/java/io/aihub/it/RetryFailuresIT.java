package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Failures tried again and the ledger checked, from outside of a real server. */
@ExtendWith(SharedTestbed.class)
class RetryFailuresIT {

  private ProtocolScenario scenario;
  private Caller machine;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    machine = scenario.newMachine("m1");
  }

  private void failAll(long task) {
    JsonNode lease = scenario.lease(machine, 10);
    Caller.json(scenario.settle(machine, lease, ProtocolScenario.failures(lease), 0), 200);
    awaitState(task, "COMPLETED");
  }

  private void awaitState(long task, String state) {
    Awaitility.await(state)
        .atMost(Duration.ofSeconds(60))
        .until(() -> scenario.task(task).path("task").path("state").asString().equals(state));
  }

  private static String path(long task) {
    return "/api/tasks/" + task + "/retry-failures";
  }

  @Test
  void theFailuresOfAFinishedTaskGoOutOnceMore() {
    long task = scenario.approvedTask("a\nb\nc\n");
    failAll(task);
    Map<String, Object> two = Map.of("lines", List.of(1, 3), "comment", "源站恢复了");

    JsonNode answer = Caller.json(scenario.submitter().post(path(task), two), 200);

    assertThat(answer.path("lines").asInt()).isEqualTo(2);
    assertThat(answer.path("task").path("state").asString()).isEqualTo("IN_PROGRESS");
    JsonNode lease = scenario.lease(machine, 10);
    assertThat(lease.path("lines")).hasSize(2);
    assertThat(lease.path("lines").get(0).path("attempt").asInt()).isEqualTo(2);
    JsonNode transitions = scenario.task(task).path("transitions");
    JsonNode last = transitions.get(transitions.size() - 1);
    assertThat(last.path("from").asString()).isEqualTo("COMPLETED");
    assertThat(last.path("comment").asString()).isEqualTo("源站恢复了");
    assertThat(last.path("reason").asString()).contains("2");

    Caller.json(scenario.settle(machine, lease, ProtocolScenario.failures(lease), 0), 200);
    awaitState(task, "COMPLETED");
    assertThat(scenario.ledger(task).path("failed").asInt()).isEqualTo(3);
    JsonNode sound = Caller.json(scenario.admin().get("/api/tasks/" + task + "/ledger-check"), 200);
    assertThat(sound.path("sound").asBoolean()).isTrue();
    assertThat(sound.path("lines").asInt()).isEqualTo(3);
  }

  @Test
  void allOfAClassAreTriedAgainWhenAnAdminAsks() {
    long task = scenario.approvedTask("a\nb\n");
    failAll(task);
    Map<String, Object> other = Map.of("classes", List.of("DNS"));
    Map<String, Object> same = Map.of("classes", List.of("HTTP_4xx"));

    Caller.problem(scenario.admin().post(path(task), other), 409, "retry.none");
    JsonNode answer = Caller.json(scenario.admin().post(path(task), same), 200);

    assertThat(answer.path("lines").asInt()).isEqualTo(2);
    assertThat(scenario.lease(machine, 10).path("lines")).hasSize(2);
  }

  @Test
  void aTaskThatDoesNotRunIsRefused() {
    long created = scenario.createdTask("a\n");
    Caller.problem(scenario.submitter().post(path(created), Map.of()), 409, "task.retry.refused");
    Map<String, Object> nonsense = Map.of("classes", List.of("BORED"));
    Caller.problem(scenario.submitter().post(path(created), nonsense), 400);
    Caller.problem(scenario.submitter().post(path(999999999), Map.of()), 404, "task.unknown");
  }

  @Test
  void theLedgerIsForAdminsToCheck() {
    long task = scenario.createdTask("a\n");
    Caller.problem(scenario.submitter().get("/api/tasks/" + task + "/ledger-check"), 403);
    Caller.problem(scenario.submitter().get("/api/tasks/ledger-check"), 403);
    Caller.problem(scenario.admin().get("/api/tasks/999999999/ledger-check"), 404);
    JsonNode all = Caller.json(scenario.admin().get("/api/tasks/ledger-check"), 200);
    assertThat(all.path("faults")).isEmpty();
  }
}
