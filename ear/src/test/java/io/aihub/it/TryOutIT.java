package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Try-outs as people's programs and machines see them. */
@ExtendWith(SharedTestbed.class)
class TryOutIT {

  private ProtocolScenario scenario;
  private Caller author;
  private Caller machine;
  private String sha256;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    author = scenario.submitter();
    machine = scenario.newMachine("m");
    sha256 =
        Caller.json(
                author.send("POST", "/api/scripts", "text/x-python", ProtocolScenario.SCRIPT), 201)
            .path("sha256")
            .asString();
  }

  private HttpResponse<String> submit(String index, Object lines) {
    Map<String, Object> form = new HashMap<>();
    form.put("scriptSha256", sha256);
    form.put("machineTag", scenario.tag());
    form.put("indexAddress", scenario.form(index).get("indexAddress"));
    form.put("lines", lines);
    return author.post("/api/try-outs", form);
  }

  private HttpResponse<String> status(Long tryOut) {
    return scenario.status(machine, "tryOut", tryOut);
  }

  @Test
  void aMachineIsGivenATryOutWithItsStatusAndPeopleSeeWhatItReports() {
    HttpResponse<String> answer = submit("a\nb\n图\n", 2);
    JsonNode submitted = Caller.json(answer, 201);
    String address = answer.headers().firstValue("Location").orElseThrow();
    assertThat(submitted.path("state").asString()).isEqualTo("SUBMITTED");

    JsonNode offer = Caller.json(status(null), 200).path("tryOut");
    assertThat(offer.path("id")).isEqualTo(submitted.path("id"));
    assertThat(offer.path("scriptSha256").asString()).isEqualTo(sha256);
    assertThat(offer.path("lines")).hasSize(2);
    assertThat(status(offer.path("id").asLong()).statusCode()).isEqualTo(204);

    String results = "/api/try-outs/" + offer.path("id").asLong() + "/results";
    assertThat(
            machine
                .post(results, Map.of("line", 1, "path", "a.jpg", "bytes", 500, "millis", 20))
                .statusCode())
        .isEqualTo(204);
    assertThat(Caller.json(author.get(address), 200).path("state").asString()).isEqualTo("RUNNING");
    machine.post(
        results,
        Map.of(
            "line",
            2,
            "bytes",
            0,
            "millis",
            30,
            "failureClass",
            "HTTP_4xx",
            "message",
            "404",
            "output",
            "网页不存在"));

    JsonNode done = Caller.json(author.get(address), 200);
    assertThat(done.path("state").asString()).isEqualTo("DONE");
    assertThat(done.path("estimatedBytes").asLong()).isEqualTo(250 * 3);
    assertThat(done.path("lines").get(1).path("output").asString()).isEqualTo("网页不存在");
    JsonNode list = Caller.json(author.get("/api/try-outs?script=" + sha256), 200);
    assertThat(list.path("items").get(0).path("id")).isEqualTo(submitted.path("id"));
    assertThat(status(null).statusCode()).isEqualTo(204);
  }

  @Test
  void aWrongWishIsRefusedAndAStrangersReportCountsForNothing() {
    Caller.problem(submit("a\n", 1000), 400, "input.range");
    JsonNode submitted = Caller.json(submit("a\n", null), 201);
    String results = "/api/try-outs/" + submitted.path("id").asLong() + "/results";
    Map<String, Object> result = Map.of("line", 1, "path", "a", "bytes", 1, "millis", 1);

    Caller.problem(machine.post(results, result), 409, "tryout.expired");
    Caller.problem(author.post(results, result), 403);
    Caller.problem(machine.post("/api/try-outs", Map.of("scriptSha256", sha256)), 403);
    Caller.problem(machine.get("/api/try-outs/" + submitted.path("id").asLong()), 403);
    Caller.problem(author.get("/api/try-outs/999999999"), 404, "tryout.unknown");
  }
}
