package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Tasks and try-outs that list the hosts of their script, through a real client with one worker.
 */
class ScriptOptionsIT {

  private static final String SCRIPT =
      """
      import os
      import requests

      def download(line, output_local_dir):
          response = requests.get(line)
          response.raise_for_status()
          path = os.path.join(output_local_dir, line.rpartition('/')[2])
          with open(path, 'wb') as file:
              file.write(response.content)
          return path
      """;

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final AtomicInteger REACHED = new AtomicInteger();

  private static Testbed bed;
  private static ProtocolScenario scenario;
  private static HttpServer listed;
  private static HttpServer other;
  private static String sha256;
  private static String index;

  @BeforeAll
  static void start() throws IOException {
    listed = origin("127.0.0.1");
    other = origin("127.0.0.2");
    index =
        "http://localhost:%d/listed\nhttp://127.0.0.2:%d/other\n"
            .formatted(listed.getAddress().getPort(), other.getAddress().getPort());
    bed = new Testbed(Testbed.buildFolder().resolve("options-it"), Testbed.Options.anyPorts());
    bed.server().with("aihub.queue.poll-seconds", 1);
    bed.start();
    scenario = new ProtocolScenario(bed);
    sha256 =
        Caller.json(scenario.submitter().send("POST", "/api/scripts", "text/x-python", SCRIPT), 201)
            .path("sha256")
            .asString();
    String token =
        Caller.json(
                scenario
                    .admin()
                    .post("/api/machines", Map.of("name", "client", "tag", scenario.tag())),
                201)
            .path("token")
            .asString();
    DownloadClient client = bed.client("client", token).with("aihub.client.workers", 1);
    client.start();
  }

  private static HttpServer origin(String address) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          REACHED.addAndGet(exchange.getRequestURI().getPath().equals("/other") ? 1 : 0);
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
    return server;
  }

  @AfterAll
  static void stop() throws IOException {
    bed.close();
    listed.stop(0);
    other.stop(0);
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
    REACHED.set(0);
    long strict = approved(form("strict", List.of("LocalHost."), true));
    awaitRefusal(strict);
    long strictest = approved(form("sockets", List.of("localhost"), false));
    awaitRefusal(strictest);
    assertThat(REACHED).hasValue(0);

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
    Map<String, Object> form =
        Map.of(
            "scriptSha256",
            sha256,
            "machineTag",
            scenario.tag(),
            "indexAddress",
            scenario.form(index).get("indexAddress"),
            "allowedHosts",
            List.of("localhost"));
    String address =
        "/api/try-outs/"
            + Caller.json(scenario.submitter().post("/api/try-outs", form), 201)
                .path("id")
                .asLong();
    JsonNode done =
        Awaitility.await("the try-out is done")
            .atMost(LONG)
            .pollInterval(Duration.ofMillis(500))
            .until(
                () -> Caller.json(scenario.submitter().get(address), 200),
                view -> view.path("state").asString().equals("DONE"));

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
