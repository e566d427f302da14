package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What people's programs see of tasks: REST with HTTP Basic, problems instead of pages. */
@ExtendWith(SharedTestbed.class)
class PeopleProtocolIT {

  private ProtocolScenario scenario;
  private Caller submitter;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    scenario.newMachine("any");
    submitter = scenario.submitter();
  }

  @Test
  void aTaskIsMadeWithItsScriptInOneRequestAndFoundWhereTheAnswerSays() {
    HttpResponse<String> answer = submitter.post("/api/tasks", scenario.form("a\n"));

    JsonNode created = Caller.json(answer, 201);
    String location = answer.headers().firstValue("Location").orElseThrow();
    assertThat(location).endsWith("/api/tasks/" + created.path("id").asLong());
    JsonNode detail = Caller.json(submitter.get(location), 200);
    assertThat(detail.path("task")).isEqualTo(created);
    assertThat(created.path("state").asString()).isEqualTo("CREATED");
    assertThat(created.path("priority").asString()).isEqualTo("LOW");
    assertThat(created.path("indexCharset").asString()).isEqualTo("UTF_8");
    assertThat(created.path("receiverName").asString()).isEqualTo("李晓");
    assertThat(created.path("manifestPath").asString())
        .isEqualTo(created.path("targetPath").asString() + "/_manifest");
    assertThat(detail.path("ledger").path("lines").asLong()).isZero();
    assertThat(detail.path("transitions")).hasSize(1);
  }

  @Test
  void aTaskNamesOthersThatWriteWhereItDoesAndAListDoesNot() {
    long first = scenario.createdTask("a\n");
    Map<String, Object> form = scenario.form("a\n");
    form.put("targetPath", form.get("targetPath") + "/part");
    form.put("overwrite", true);

    JsonNode second = Caller.json(submitter.post("/api/tasks", form), 201);

    assertThat(second.path("sharesTargetWith")).hasSize(1);
    assertThat(second.path("sharesTargetWith").get(0).path("id").asLong()).isEqualTo(first);
    JsonNode sharer = scenario.task(first).path("task").path("sharesTargetWith").get(0);
    assertThat(sharer.path("id")).isEqualTo(second.path("id"));
    assertThat(sharer.path("name")).isEqualTo(second.path("name"));
    assertThat(sharer.path("targetPath")).isEqualTo(second.path("targetPath"));
    assertThat(sharer.path("overwrite").asBoolean()).isTrue();
    JsonNode newest = Caller.json(submitter.get("/api/tasks?limit=1"), 200).path("items").get(0);
    assertThat(newest.has("sharesTargetWith")).isFalse();
  }

  @Test
  void aScriptIsUploadedByItselfAndNamedByItsHash() {
    HttpResponse<String> answer =
        submitter.send(
            "POST",
            "/api/scripts?name=seed.py",
            "text/x-python;charset=UTF-8",
            "# 1\n" + ProtocolScenario.SCRIPT);

    JsonNode script = Caller.json(answer, 201);
    assertThat(script.path("name").asString()).isEqualTo("seed.py");
    Map<String, Object> form = scenario.form("a\n");
    form.remove("script");
    form.put("scriptSha256", script.path("sha256").asString());
    JsonNode created = Caller.json(submitter.post("/api/tasks", form), 201);
    assertThat(created.path("scriptSha256")).isEqualTo(script.path("sha256"));
  }

  @Test
  void aFormThatBreaksSeveralRulesNamesEveryField() {
    Map<String, Object> form = scenario.form("a\n");
    form.put("name", "no spaces allowed");
    form.put("targetPath", "../elsewhere");
    form.remove("purpose");

    JsonNode problem = Caller.problem(submitter.post("/api/tasks", form), 400);

    assertThat(fields(problem)).containsExactlyInAnyOrder("name", "targetPath", "purpose");
  }

  private static List<String> fields(JsonNode problem) {
    return StreamSupport.stream(problem.path("errors").spliterator(), false)
        .map(error -> error.path("field").asString())
        .toList();
  }

  @Test
  void theSubmitterCannotBeTheReceiver() {
    Map<String, Object> form = scenario.form("a\n");
    form.put("receiver", scenario.receiverName().replace("receiver", "submitter"));

    assertThat(Caller.problem(submitter.post("/api/tasks", form), 400).path("field").asString())
        .isEqualTo("receiver");
  }

  @Test
  void aProblemIsToldInChineseToWhoReadsChinese() {
    Map<String, Object> form = scenario.form("a\n");
    form.put("name", "no spaces allowed");

    HttpResponse<String> english = submitter.post("/api/tasks", form);
    HttpResponse<String> chinese = submitter.post("/api/tasks", form, "Accept-Language", "zh-CN");

    assertThat(Caller.problem(english, 400).path("detail").asString()).isASCII();
    assertThat(Caller.problem(chinese, 400).path("detail").asString())
        .containsPattern("\\p{IsHan}");
    assertThat(Caller.problem(chinese, 400).path("code"))
        .isEqualTo(Caller.problem(english, 400).path("code"));
  }

  @Test
  void theReceiverApprovesOnceAndTheSubmitterNever() {
    long task = scenario.createdTask("a\n");
    String path = "/api/tasks/" + task + "/approve";

    Caller.problem(submitter.post(path, Map.of()), 403, "task.approval.self");
    Caller.problem(scenario.admin().post(path, Map.of()), 403, "task.approval.receiver");
    JsonNode approved = Caller.json(scenario.receiver().post(path, Map.of("comment", "好")), 200);
    assertThat(approved.path("state").asString()).isEqualTo("IN_PROGRESS");
    Caller.problem(scenario.receiver().post(path, Map.of()), 409, "task.transition.refused");

    JsonNode transitions = scenario.task(task).path("transitions");
    assertThat(transitions).hasSize(2);
    assertThat(transitions.get(1).path("comment").asString()).isEqualTo("好");
    assertThat(transitions.get(1).path("actor").asString()).isEqualTo(scenario.receiverName());
  }

  @Test
  void aRejectionNeedsItsReason() {
    long task = scenario.createdTask("a\n");
    String path = "/api/tasks/" + task + "/reject";

    Caller.problem(scenario.receiver().post(path, Map.of()), 400);

    JsonNode rejected = Caller.json(scenario.receiver().post(path, Map.of("comment", "太大")), 200);
    assertThat(rejected.path("state").asString()).isEqualTo("REJECTED");
  }

  @Test
  void theListHoldsTheNewestFirstAndCanBeFilteredAndPaged() {
    long older = scenario.createdTask("a\n");
    long newer = scenario.createdTask("b\n");

    JsonNode page = Caller.json(submitter.get("/api/tasks?state=CREATED&offset=0&limit=1"), 200);

    assertThat(page.path("items")).hasSize(1);
    assertThat(page.path("items").get(0).path("id").asLong()).isEqualTo(newer);
    assertThat(page.path("total").asLong()).isGreaterThanOrEqualTo(2);
    JsonNode second = Caller.json(submitter.get("/api/tasks?state=CREATED&offset=1&limit=1"), 200);
    assertThat(second.path("items").get(0).path("id").asLong()).isEqualTo(older);
    assertThat(second.path("offset").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"state=NONSENSE", "offset=-1", "limit=0", "limit=100000", "offset=x", "limit=x"})
  void aListThatCannotBeIsRefused(String query) {
    HttpResponse<String> answer = submitter.get("/api/tasks?" + query);

    assertThat(answer.statusCode()).isIn(400, 404);
    Caller.problem(answer, answer.statusCode());
  }

  @Test
  void failuresAreListedByClassInTheOrderOfTheLines() {
    Caller machine = scenario.newMachine("worker");
    long task = scenario.approvedTask("a\nb\n");
    JsonNode lease = scenario.lease(machine, 2);
    Map<String, Object> waiting =
        new HashMap<>(ProtocolScenario.failure(lease.path("lines").get(1).path("line").asLong()));
    waiting.put("failureClass", "TIMEOUT");
    waiting.put("output", "printed by the script");
    Caller.json(
        scenario.settle(
            machine, lease, List.of(ProtocolScenario.failures(lease).get(0), waiting), 0),
        200);

    String path = "/api/tasks/" + task + "/failures";
    JsonNode all = Caller.json(submitter.get(path), 200);
    assertThat(all.path("total").asLong()).isEqualTo(2);
    assertThat(all.path("items").get(0).path("line").asLong()).isEqualTo(1);
    assertThat(all.path("items").get(1).path("output").asString())
        .isEqualTo("printed by the script");
    JsonNode finalOnes = Caller.json(submitter.get(path + "?finalOnly=true"), 200);
    assertThat(finalOnes.path("items")).hasSize(1);
    assertThat(finalOnes.path("items").get(0).path("text").asString()).isEqualTo("a");
    JsonNode timeouts = Caller.json(submitter.get(path + "?class=TIMEOUT"), 200);
    assertThat(timeouts.path("items")).hasSize(1);
    assertThat(timeouts.path("items").get(0).path("nextAttemptAt").asString()).isNotEmpty();
    assertThat(scenario.task(task).path("failuresByClass").path("HTTP_4xx").asLong()).isEqualTo(1);
  }

  @Test
  void onlyAdminsMakeAccountsAndMachines() {
    for (String path : List.of("/api/users", "/api/machines", "/api/projects")) {
      Caller.problem(submitter.post(path, Map.of("name", "x")), 403);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/tasks",
    "POST,/api/tasks",
    "GET,/api/tasks/1",
    "GET,/api/users",
    "POST,/api/leases",
    "GET,/api/nothing",
    "PUT,/api/machines/self/status"
  })
  void whoDoesNotSayWhoTheyAreIsAsked(String method, String path) {
    HttpResponse<String> answer =
        scenario
            .nobody()
            .send(method, path, "application/json", method.equals("GET") ? null : "{}");

    Caller.problem(answer, 401);
    assertThat(answer.headers().allValues("WWW-Authenticate")).isNotEmpty();
  }

  @Test
  void aWrongPasswordAndAWrongTokenAreRefusedAlike(Testbed bed) {
    String server = bed.server().url();

    Caller.problem(Caller.person(server, "admin", "wrong").get("/api/tasks"), 401);
    Caller.problem(Caller.person(server, "nobody-here", "wrong").get("/api/tasks"), 401);
    Caller.problem(Caller.machine(server, "wrong").post("/api/leases", Map.of("worker", "w")), 401);
  }

  @Test
  void whoGoesOnWithWrongPasswordsIsToldToWait(Testbed bed) {
    Caller guesser = Caller.person(bed.server().url(), scenario.receiverName(), "wrong");
    for (int i = 1; i < 5; i++) {
      Caller.problem(guesser.get("/api/tasks"), 401, "request.unauthenticated");
    }

    HttpResponse<String> paused = guesser.get("/api/tasks", "Accept-Language", "zh-CN");

    JsonNode problem = Caller.problem(paused, 429, "request.signIn.paused");
    assertThat(problem.path("detail").asString()).contains("秒内不再受理");
    assertThat(paused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 3L);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/nothing,404",
    "GET,/api,404",
    "GET,/api/tasks/999999999,404",
    "GET,/api/tasks/abc,404",
    "GET,/api/tasks/99999999999999999999,404",
    "GET,/api/tasks/999999999/failures,404",
    "POST,/api/tasks/999999999/approve,404",
    "POST,/api/tasks/1/nonsense,404",
    "DELETE,/api/tasks,405",
    "GET,/api/scripts/xyz,404"
  })
  void whatIsNotThereIsAProblemAndNeverAPage(String method, String path, int status) {
    Caller.problem(
        submitter.send(method, path, "application/json", method.equals("POST") ? "{}" : null),
        status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1]",
        "\"x\"",
        "{\"priority\":\"URGENT\"}",
        "{\"expectedDeliveryAt\":\"soon\"}"
      })
  void aBodyThatIsNotTheJsonAskedForIsRefused(String body) {
    Caller.problem(submitter.send("POST", "/api/tasks", "application/json", body), 400);
  }

  @Test
  void openApiDescribesEveryPath(Testbed bed) {
    String root = bed.server().url().replaceAll("/aihub$", "");
    HttpResponse<String> answer = scenario.nobody().get(root + "/openapi?format=JSON");
    assertThat(answer.statusCode()).isEqualTo(200);

    JsonNode description = Caller.JSON.readTree(answer.body());
    String base = description.path("servers").path(0).path("url").asString();
    JsonNode paths = description.path("paths");

    assertThat(base).endsWith("/aihub");
    assertThat(paths.propertyNames())
        .contains(
            "/api/leases",
            "/api/leases/{id}/renew",
            "/api/leases/{id}/settle",
            "/api/leases/{id}/uploads",
            "/api/machines",
            "/api/machines/self/status",
            "/api/machines/{name}/activate",
            "/api/machines/{name}/deactivate",
            "/api/machines/{name}/token",
            "/api/projects",
            "/api/requirements",
            "/api/requirements/known",
            "/api/requirements/{sha256}",
            "/api/requirements/{sha256}/resolution",
            "/api/requirements/{sha256}/resolve",
            "/api/scripts",
            "/api/scripts/{sha256}",
            "/api/scripts/{sha256}/requirements",
            "/api/tasks",
            "/api/tasks/ledger-check",
            "/api/tasks/{id}",
            "/api/tasks/{id}/approve",
            "/api/tasks/{id}/cancel",
            "/api/tasks/{id}/failures",
            "/api/tasks/{id}/ledger-check",
            "/api/tasks/{id}/pause",
            "/api/tasks/{id}/priority",
            "/api/tasks/{id}/reject",
            "/api/tasks/{id}/resume",
            "/api/tasks/{id}/retry-failures",
            "/api/users");
    paths.forEach(
        path ->
            path.forEach(
                operation -> {
                  if (operation.has("operationId") || operation.has("responses")) {
                    assertThat(operation.path("responses").size())
                        .as(operation.toString())
                        .isPositive();
                  }
                }));
  }
}
