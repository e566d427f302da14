package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.Testbed;
import io.aihub.testbed.TinyOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Tasks and try-outs that list the hosts of their script, through a real client with one worker.
 */
class ScriptOptionsIT {

  private static final Duration LONG = Duration.ofMinutes(10);

  private static Testbed bed;
  private static ProtocolScenario scenario;
  private static TinyOrigin listed;
  private static TinyOrigin other;
  private static String sha256;
  private static String index;

  @BeforeAll
  static void start() throws IOException {
    listed = new TinyOrigin("127.0.0.1");
    other = new TinyOrigin("127.0.0.2");
    index =
        "http://localhost:%d/listed\nhttp://127.0.0.2:%d/other\n"
            .formatted(listed.port(), other.port());
    bed = new Testbed(Testbed.buildFolder().resolve("options-it"), Testbed.Options.anyPorts());
    bed.server().with("aihub.queue.poll-seconds", 1);
    bed.start();
    scenario = new ProtocolScenario(bed);
    sha256 =
        Caller.json(
                scenario
                    .submitter()
                    .send("POST", "/api/scripts", "text/x-python", TinyOrigin.SCRIPT),
                201)
            .path("sha256")
            .asString();
    scenario.client().with("aihub.client.workers", 1).start();
  }

  @AfterAll
  static void stop() throws IOException {
    bed.close();
    listed.close();
    other.close();
  }

  private static Map<String, Object> form(String target, List<String> hosts, boolean javaWire) {
    Map<String, Object> form = scenario.form(index);
    form.remove("script");
    form.put("scriptSha256", sha256);
    form.put("targetPath", target);
    form.put("allowedHosts", hosts);
    form.put("javaWire", javaWire);
    return form;
  }

  private static long approved(Map<String, Object> form) {
    JsonNode task = Caller.json(scenario.submitter().post("/api/tasks", form), 201);
    long id = task.path("id").asLong();
    Caller.json(scenario.receiver().post("/api/tasks/" + id + "/approve", Map.of()), 200);
    return id;
  }

  private static void awaitRefusal(long task) {
    Awaitility.await("one line succeeds, the other is refused")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                scenario.ledger(task).path("succeeded").asLong() == 1
                    && failures(task).contains("the task's list of hosts doesn't have 127.0.0.2"));
    assertThat(failures(task)).contains("CONNECT");
  }

  private static String failures(long task) {
    return Caller.json(scenario.submitter().get("/api/tasks/" + task + "/failures"), 200)
        .toString();
  }

  @Test
  void aScriptReachesWhatItsTaskListsAndTheNextTaskIsHeldToItsOwnList() {
    long strict = approved(form("strict", List.of("LocalHost."), true));
    awaitRefusal(strict);
    long strictest = approved(form("sockets", List.of("localhost"), false));
    awaitRefusal(strictest);
    assertThat(other.reached()).isZero();

    long free = approved(form("free", null, true));
    Awaitility.await("a task without a list is done")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> scenario.ledger(free).path("succeeded").asLong() == 2);
    JsonNode task = scenario.task(strict).path("task");
    assertThat(task.path("allowedHosts").get(0).asString()).isEqualTo("localhost");
    assertThat(scenario.task(strictest).path("task").path("javaWire").asBoolean()).isFalse();
    assertThat(scenario.task(free).path("task").path("allowedHosts")).isEmpty();
  }

  @Test
  void aTryOutRunsUnderTheSameList() {
    JsonNode done = scenario.triedOut(sha256, index, Map.of("allowedHosts", List.of("localhost")));

    assertThat(done.path("succeeded").asInt()).isOne();
    assertThat(done.path("lines").get(1).path("message").asString())
        .contains("the task's list of hosts doesn't have 127.0.0.2");
  }

  @Test
  void whatIsNoHostIsRefusedAndNamed() {
    JsonNode problem =
        Caller.problem(
            scenario
                .submitter()
                .post("/api/tasks", form("odd", List.of("http://example.org"), true)),
            400,
            "script.host.invalid");

    assertThat(problem.toString()).contains("allowedHosts", "http://example.org");
  }
}
