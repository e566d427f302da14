package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Bodies whose fields aren't what an operation takes: nothing of them is passed over. */
@ExtendWith(SharedTestbed.class)
class RequestJsonIT {

  private ProtocolScenario scenario;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          options         | true                     | request.json.unknown
          options         | {"javaWire":false}       | request.json.unknown
          allowedHost     | ["example.org"]          | request.json.unknown
          allowedHosts    | "example.org"            | request.json.value
          allowedHosts    | true                     | request.json.value
          allowedHosts    | {"example.org":true}     | request.json.value
          allowedHosts[0] | [80]                     | request.json.value
          allowedHosts[1] | ["a.org",["b.org"]]      | request.json.value
          javaWire        | "false"                  | request.json.value
          javaWire        | 0                        | request.json.value
          javaWire        | [false]                  | request.json.value
          overwrite       | {}                       | request.json.value
          name            | 7                        | request.json.value
          name            | true                     | request.json.value
          purpose         | ["why"]                  | request.json.value
          priority        | 1                        | request.json.enum
          priority        | "URGENT"                 | request.json.enum
          priority        | ["HIGH"]                 | request.json.value
          expectedDeliveryAt | "soon"                | request.json.value
          expectedDeliveryAt | 1800000000            | request.json.value
          """)
  void aTasksFormNamesTheFieldThatIsWrong(String field, String value, String code) {
    refused("/api/tasks", scenario.form("a\n"), field, value, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          options | true  | request.json.unknown
          lines   | 2.7   | request.json.value
          lines   | "5"   | request.json.value
          lines   | [5]   | request.json.value
          lines   | true  | request.json.value
          lines   | 1e400 | request.json.value
          lines   | 99999999999 | request.json.value
          """)
  void soDoesATryOutsForm(String field, String value, String code) {
    Map<String, Object> form = new HashMap<>();
    form.put("scriptSha256", "0".repeat(64));
    form.put("machineTag", scenario.tag());

    refused("/api/try-outs", form, field, value, code);
  }

  private void refused(
      String path, Map<String, Object> form, String field, String value, String code) {
    String name = field.replaceFirst("\\[.*", "");
    form.remove(name);
    String rest = Caller.JSON.writeValueAsString(form);
    String body = "{\"%s\":%s,%s".formatted(name, value, rest.substring(1));

    JsonNode problem =
        Caller.problem(
            scenario.submitter().send("POST", path, "application/json", body), 400, code);

    assertThat(problem.path("field").asString()).isEqualTo(field);
    assertThat(problem.path("detail").asString())
        .contains(code.equals("request.json.enum") ? value.replace("\"", "") : field);
  }

  @Test
  void aFieldThatThereIsNotIsNamedInTheReadersLanguage() {
    JsonNode problem =
        Caller.problem(
            scenario
                .submitter()
                .post("/api/tasks", Map.of("options", true), "Accept-Language", "zh-CN"),
            400,
            "request.json.unknown");

    assertThat(problem.path("detail").asString()).isEqualTo("这里没有字段 options。");
  }

  @Test
  void theSmallerFormsAreReadAlike() {
    scenario.newMachine("m"); // or there is no task
    long task = scenario.createdTask("a\n");
    String path = "/api/tasks/" + task;

    for (Map.Entry<String, Object> wrong :
        Map.<String, Object>of(
                path + "/approve", Map.of("reason", "好"),
                path + "/reject", Map.of("comment", List.of("太大")),
                path + "/priority", Map.of("priority", true),
                path + "/retry-failures", Map.of("lines", 1))
            .entrySet()) {
      JsonNode problem =
          Caller.problem(scenario.receiver().post(wrong.getKey(), wrong.getValue()), 400);
      assertThat(problem.path("code").asString()).startsWith("request.json.");
    }
    assertThat(scenario.task(task).path("task").path("state").asString()).isEqualTo("CREATED");
  }

  /** A newer client must be able to talk to an older server. */
  @Test
  void whatANewerMachineSaysBesideIsPassedOverButNotWhatItGetsWrong() {
    Caller machine = scenario.newMachine("newer");

    assertThat(scenario.status(machine, "temperature", 60).statusCode()).isEqualTo(204);
    Caller.problem(scenario.status(machine, "tryOut", true), 400, "request.json.value");
    Caller.problem(scenario.status(machine, "reason", List.of("x")), 400, "request.json.value");
    String resolution = "/api/requirements/" + "0".repeat(64) + "/resolution";
    assertThat(
            Caller.problem(
                    machine.post(resolution, Map.of("problem", true)), 400, "request.json.value")
                .path("field")
                .asString())
        .isEqualTo("problem");
    Caller.problem(machine.post(resolution, Map.of("pins", "x")), 400, "request.json.value");
  }
}
