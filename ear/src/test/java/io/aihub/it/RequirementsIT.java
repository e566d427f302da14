package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What scripts require, as people's programs and machines see it. Whatever is uploaded is settled,
 * for any machine of the test bed would be given it.
 */
@ExtendWith(SharedTestbed.class)
class RequirementsIT {

  private static final String SHA256 = "ab".repeat(32);

  private ProtocolScenario scenario;
  private Caller author;
  private Caller machine;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    author = scenario.submitter();
    machine = scenario.newMachine("m");
  }

  private HttpResponse<String> upload(String requirements, String... headers) {
    return author.send("POST", "/api/requirements", "text/plain", requirements, headers);
  }

  private HttpResponse<String> script(String source, String requirements) {
    return author.send(
        "POST", "/api/scripts?requirements=" + requirements, "text/x-python", source);
  }

  private HttpResponse<String> status(String resolution) {
    return scenario.status(machine, "resolution", resolution);
  }

  private HttpResponse<String> report(String sha256, Map<String, Object> report) {
    return machine.post("/api/requirements/" + sha256 + "/resolution", report);
  }

  private static Map<String, Object> pin(String name, String module) {
    return Map.of("name", name, "version", "1.0", "sha256", SHA256, "modules", List.of(module));
  }

  @Test
  void aMachineIsGivenRequirementsWithItsStatusAndClientsReadWhatItPinned() {
    String text = "beautifulsoup4 # " + scenario.tag() + "\n";
    JsonNode kept = Caller.json(upload(text), 201);
    String sha256 = kept.path("sha256").asString();
    String source = "import bs4\n" + ProtocolScenario.SCRIPT;
    JsonNode script = Caller.json(script(source, sha256), 201);

    assertThat(kept.path("state").asString()).isEqualTo("WAITING");
    assertThat(script.path("requirements").asString()).isEqualTo("WAITING");
    assertThat(script.path("warnings").get(0).path("code").asString())
        .isEqualTo("script.import.awaited");

    JsonNode offer = Caller.json(status(null), 200).path("resolution");
    assertThat(offer.path("sha256").asString()).isEqualTo(sha256);
    assertThat(offer.path("text").asString()).isEqualTo(text);
    assertThat(status(sha256).statusCode()).isEqualTo(204);
    Map<String, Object> pins = Map.of("pins", List.of(pin("beautifulsoup4", "bs4")));
    assertThat(report(sha256, pins).statusCode()).isEqualTo(204);
    Caller.problem(report(sha256, pins), 409, "requirements.taken");

    String address = "/api/scripts/" + script.path("sha256").asString() + "/requirements";
    JsonNode ready = Caller.json(machine.get(address), 200);
    assertThat(ready.path("state").asString()).isEqualTo("READY");
    assertThat(ready.path("text").asString()).isEqualTo(text);
    assertThat(ready.path("pins").get(0).path("sha256").asString()).isEqualTo(SHA256);
    assertThat(Caller.json(upload(text), 201).path("state").asString()).isEqualTo("READY");
    assertThat(Caller.json(script(source, sha256), 201).path("warnings")).isEmpty();
  }

  @Test
  void aTaskIsNotApprovedWhoseScriptRequiresWhatCannotBeInstalled() {
    Map<String, Object> form = scenario.form("a\n");
    form.put("requirements", "nosuch # " + scenario.tag() + "\n");
    long task = Caller.json(author.post("/api/tasks", form), 201).path("id").asLong();
    String approve = "/api/tasks/" + task + "/approve";
    Caller.problem(scenario.receiver().post(approve, Map.of()), 409, "requirements.awaited");

    String sha256 = Caller.json(status(null), 200).path("resolution").path("sha256").asString();
    HttpResponse<String> noted =
        report(
            sha256,
            Map.of("problem", Map.of("kind", "UNKNOWN", "subject", "nosuch", "detail", "nosuch")));
    assertThat(noted.statusCode()).as(noted.body()).isEqualTo(204);

    JsonNode problem =
        Caller.problem(
            scenario.receiver().post(approve, Map.of()), 409, "requirements.problem.unknown");
    assertThat(problem.path("detail").asString())
        .isEqualTo(
            "The package index has no package nosuch (required: nosuch). Is the name right?");
    JsonNode chinese =
        Caller.json(author.get("/api/requirements/" + sha256, "Accept-Language", "zh-CN"), 200);
    assertThat(chinese.path("reason").asString()).startsWith("包索引中没有 nosuch");

    assertThat(
            author
                .send("POST", "/api/requirements/" + sha256 + "/resolve", null, null)
                .statusCode())
        .isEqualTo(204);
    assertThat(status(null).statusCode()).isEqualTo(200);
    report(sha256, Map.of("pins", List.of(pin("nosuch", "nosuch"))));
    Caller.json(scenario.receiver().post(approve, Map.of()), 200);
  }

  @Test
  void whatIsNoRequirementIsRefusedWithLineAndColumnInTheReadersLanguage() {
    JsonNode problem =
        Caller.problem(upload("six\n  -e git+https://example.com/a.git\nlxml\n"), 400);
    JsonNode chinese =
        Caller.problem(
            upload("six\ntqdm=1\n", "Accept-Language", "zh-CN"), 400, "requirements.line.equals");

    assertThat(problem.path("errors")).hasSize(2);
    assertThat(problem.path("field").asString()).isEqualTo("requirements");
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("column").asInt()).isEqualTo(3);
    assertThat(problem.path("errors").get(1).path("detail").asString())
        .contains("lxml needs compiled code")
        .contains("Known to work: beautifulsoup4");
    assertThat(chinese.path("detail").asString()).startsWith("第 2 行第 5 列");
  }

  @Test
  void strangersAndNonsenseAreRefused() {
    String sha256 = "0".repeat(64);
    Caller.problem(author.post("/api/requirements/" + sha256 + "/resolution", Map.of()), 403);
    Caller.problem(machine.get("/api/requirements/" + sha256), 403);
    Caller.problem(author.get("/api/requirements/" + sha256), 404, "requirements.unknown");
    Caller.problem(script(ProtocolScenario.SCRIPT, sha256), 400, "requirements.unknown");
    Caller.problem(report(sha256, Map.of("pins", List.of(pin("../up", "x")))), 400);
    String plain =
        Caller.json(
                author.send("POST", "/api/scripts", "text/x-python", ProtocolScenario.SCRIPT), 201)
            .path("sha256")
            .asString();
    Caller.problem(
        machine.get("/api/scripts/" + plain + "/requirements"), 404, "requirements.none");
    JsonNode known = Caller.json(author.get("/api/requirements/known"), 200);
    assertThat(known.path("builtIn").toString()).contains("\"requests\"");
  }
}
