package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.PackageIndex;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Scripts with requirements, through a real client and a package index on loopback. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RequiredPackagesIT {

  private static final String SCRIPT =
      """
      import greeting

      def download(line, output_local_dir):
          path = output_local_dir + '/' + line
          with open(path, 'w') as file:
              file.write(greeting.greet(line))
          return path
      """;

  private static final Duration LONG = Duration.ofMinutes(10);

  private static Testbed bed;
  private static PackageIndex index;
  private static ProtocolScenario scenario;
  private static DownloadClient client;
  private static Path installed;

  @BeforeAll
  static void start() throws IOException {
    bed = new Testbed(Testbed.buildFolder().resolve("requirements-it"), Testbed.Options.anyPorts());
    bed.server().with("aihub.queue.poll-seconds", 1);
    bed.start();
    index = bed.packageIndex();
    index.start();
    scenario = new ProtocolScenario(bed);
    client =
        scenario
            .client()
            .with("aihub.client.workers", 2)
            .with("aihub.client.package-index", index.address());
    installed = bed.folder().resolve("client/work/python/packages");
    client.start();
  }

  @AfterAll
  static void stop() throws IOException {
    index.kill();
    bed.close();
  }

  private static String require(String requirements) {
    return Caller.json(
            scenario.submitter().send("POST", "/api/requirements", "text/plain", requirements), 201)
        .path("sha256")
        .asString();
  }

  private static JsonNode settled(String requirements) {
    return Awaitility.await("the client has resolved them")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> Caller.json(scenario.submitter().get("/api/requirements/" + requirements), 200),
            view -> List.of("READY", "REFUSED").contains(view.path("state").asString()));
  }

  private static long task(String target, String script) {
    Map<String, Object> form = scenario.form("one\ntwo\n");
    form.remove("script");
    form.put("scriptSha256", script);
    form.put("targetPath", target);
    return Caller.json(scenario.submitter().post("/api/tasks", form), 201).path("id").asLong();
  }

  private static void runs(long task, String target) throws IOException {
    Caller.json(scenario.receiver().post("/api/tasks/" + task + "/approve", Map.of()), 200);
    awaitBothFiles(task, target);
  }

  private static void awaitBothFiles(long task, String target) throws IOException {
    Awaitility.await("the task is done")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> scenario.task(task).path("task").path("state").asString().equals("COMPLETED"));
    assertThat(scenario.ledger(task).path("succeeded").asLong()).isEqualTo(2);
    Path file = bed.storage().folder(Testbed.BUCKET).resolve(target).resolve("two");
    assertThat(Files.readString(file)).isEqualTo("good day, two (requests)");
  }

  private static String script() {
    return Caller.json(
            scenario
                .submitter()
                .send(
                    "POST",
                    "/api/scripts?requirements=" + require("greeting >= 1\n"),
                    "text/x-python",
                    SCRIPT),
            201)
        .path("sha256")
        .asString();
  }

  @Test
  @Order(1)
  void aTaskWhoseScriptRequiresPackagesRunsWithThem() throws IOException {
    String script = script();
    long task = task("with-packages", script);

    JsonNode ready = settled(require("greeting >= 1\n"));

    assertThat(ready.path("state").asString()).isEqualTo("READY");
    assertThat(ready.path("pins").findValuesAsString("name"))
        .containsExactly("greeting", "phrases");
    assertThat(ready.path("machine").asString()).isEqualTo("client");
    runs(task, "with-packages");
  }

  @Test
  @Order(2)
  void aTryOutHasThem() {
    JsonNode done = scenario.triedOut(script(), "three\n", Map.of());

    assertThat(done.path("succeeded").asInt()).isOne();
  }

  @Test
  @Order(3)
  void whatCannotBeInstalledSaysWhyBeforeATaskIsApproved() {
    String unknown = require("greeting\nnosuch-package==3\n");
    String compiled = require("compiled\n");
    String script =
        Caller.json(
                scenario
                    .submitter()
                    .send(
                        "POST",
                        "/api/scripts?requirements=" + unknown,
                        "text/x-python",
                        ProtocolScenario.SCRIPT),
                201)
            .path("sha256")
            .asString();
    long task = task("refused", script);

    assertThat(settled(unknown).path("reason").asString())
        .contains("no package nosuch-package (required: nosuch-package==3)");
    assertThat(settled(compiled).path("reason").asString())
        .contains("compiled needs compiled code")
        .contains("Known to work: beautifulsoup4");
    Caller.problem(
        scenario.receiver().post("/api/tasks/" + task + "/approve", Map.of()),
        409,
        "requirements.problem.unknown");
  }

  @Test
  @Order(4)
  void aRestartedClientRunsWithoutTheIndexAndMendsWhatIsDamagedOnceItIsBack() throws IOException {
    client.stop();
    index.kill();
    client.start();
    runs(task("offline", script()), "offline");

    client.stop();
    try (Stream<Path> files = Files.walk(installed)) {
      for (Path module : files.filter(file -> file.endsWith("phrases.py")).toList()) {
        Files.writeString(module, "HELLO = 'mischief'\n");
      }
    }
    client.start();
    long task = task("mended", script());
    Caller.json(scenario.receiver().post("/api/tasks/" + task + "/approve", Map.of()), 200);
    Awaitility.await("the client says what it lacks")
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                Caller.json(scenario.admin().get("/api/machines"), 200)
                    .toString()
                    .contains("packages that the script requires can't be installed"));
    assertThat(scenario.ledger(task).path("failed").asLong()).isZero();
    index.start();
    awaitBothFiles(task, "mended");
  }
}
