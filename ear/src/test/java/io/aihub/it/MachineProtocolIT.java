package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a download server sees of the queue: statuses, problem codes and headers. */
@ExtendWith(SharedTestbed.class)
class MachineProtocolIT {

  private ProtocolScenario scenario;
  private Caller machine;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    machine = scenario.newMachine("first");
  }

  @Test
  void anEmptyQueueIsAnsweredWithoutABodyAndSaysWhenToAskAgain() {
    HttpResponse<String> answer = machine.post("/api/leases", Map.of("worker", "w1"));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 60L);
  }

  @Test
  void aLeaseHoldsTenLinesUnlessAskedOtherwise() {
    scenario.approvedTask("x\n".repeat(12));

    JsonNode lease = scenario.lease(machine, null);

    assertThat(lease.path("lines")).hasSize(10);
    assertThat(lease.path("lines").get(0).path("line").asLong()).isEqualTo(1);
    assertThat(lease.path("lines").get(0).path("attempt").asInt()).isEqualTo(1);
    assertThat(lease.path("lines").get(0).path("text").asString()).isEqualTo("x");
    assertThat(lease.path("secondsToLive").asInt()).isPositive();
    assertThat(lease.path("lineTimeLimitSeconds").asInt()).isPositive();
    assertThat(lease.path("scriptSha256").asString()).matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1001, -1})
  void aCapacityOutsideOneToAThousandIsRefused(int capacity) {
    JsonNode problem =
        Caller.problem(
            machine.post("/api/leases", Map.of("worker", "w1", "capacity", capacity)), 400);

    assertThat(problem.path("field").asString()).isEqualTo("capacity");
  }

  @Test
  void aRequestWithoutAWorkerIsRefusedByName() {
    JsonNode problem = Caller.problem(machine.post("/api/leases", Map.of("capacity", 10)), 400);

    assertThat(problem.path("field").asString()).isEqualTo("worker");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "nonsense",
        "{\"worker\":{}}",
        "{\"capacity\":\"ten\",\"worker\":\"w\"}"
      })
  void aBodyThatIsNotTheJsonAskedForIsRefused(String body) {
    Caller.problem(machine.send("POST", "/api/leases", "application/json", body), 400);
  }

  @Test
  void aWorkersNameIsMeasuredWithTheWhiteSpaceAroundIt() {
    JsonNode problem =
        Caller.problem(machine.post("/api/leases", Map.of("worker", "w" + " ".repeat(64))), 400);

    assertThat(problem.path("field").asString()).isEqualTo("worker");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"line\":\"seven\",\"outcome\":\"SUCCEEDED\"', results[0].line, request.json.value",
    "'\"line\":7,\"outcome\":\"LOVELY\"', results[0].outcome, request.json.enum",
    "'\"line\":7.5,\"outcome\":\"SUCCEEDED\"', results[0].line, request.json.value"
  })
  void aWrongValueIsNamedByItsPlaceInTheBody(String result, String field, String code) {
    String body =
        "{\"sequence\":1,\"report\":\"%s\",\"results\":[{%s}],\"nextCapacity\":0}"
            .formatted(UUID.randomUUID(), result);

    JsonNode problem =
        Caller.problem(
            machine.send(
                "POST", "/api/leases/" + UUID.randomUUID() + "/settle", "application/json", body),
            400);

    assertThat(problem.path("field").asString()).isEqualTo(field);
    assertThat(problem.path("code").asString()).isEqualTo(code);
  }

  @Test
  void anotherMediaTypeIsRefused() {
    Caller.problem(machine.send("POST", "/api/leases", "text/plain", "{}"), 415);
  }

  @Test
  void aWrongMethodIsRefused() {
    Caller.problem(machine.get("/api/leases"), 405);
  }

  @Test
  void aSecondReportOnALeaseIsAConflictAndCountsNothing() {
    long task = scenario.approvedTask("a\nb\nc\n");
    JsonNode lease = scenario.lease(machine, 2);
    Caller.json(scenario.settle(machine, lease, ProtocolScenario.failures(lease), 0), 200);
    JsonNode before = scenario.ledger(task);

    Caller.problem(
        scenario.settle(machine, lease, ProtocolScenario.failures(lease), 0),
        409,
        "lease.superseded");

    assertThat(before.path("failed").asLong()).isEqualTo(2);
    assertThat(scenario.ledger(task)).isEqualTo(before);
  }

  @Test
  void aReportThatIsSentAgainGetsTheSameAnswer() {
    long task = scenario.approvedTask("a\nb\nc\n");
    JsonNode lease = scenario.lease(machine, 1);
    Map<String, Object> report =
        ProtocolScenario.report(lease, ProtocolScenario.failures(lease), 1);
    String path = "/api/leases/" + lease.path("leaseId").asString() + "/settle";

    JsonNode first = Caller.json(machine.post(path, report), 200);
    JsonNode ledger = scenario.ledger(task);
    JsonNode second = Caller.json(machine.post(path, report), 200);

    assertThat(first.path("failed").asInt()).isEqualTo(1);
    assertThat(first.path("next").path("lines")).hasSize(1);
    assertThat(second.path("failed")).isEqualTo(first.path("failed"));
    assertThat(second.path("next").path("lines")).isEqualTo(first.path("next").path("lines"));
    assertThat(second.path("next").path("sequence")).isEqualTo(first.path("next").path("sequence"));
    assertThat(scenario.ledger(task)).isEqualTo(ledger);
  }

  @Test
  void anotherMachinesLeaseCanNeitherBeSettledNorRenewedNorUploadedTo() {
    long task = scenario.approvedTask("a\n");
    JsonNode lease = scenario.lease(machine, 1);
    Caller stranger = scenario.newMachine("stranger");
    String path = "/api/leases/" + lease.path("leaseId").asString();
    long sequence = lease.path("sequence").asLong();

    Caller.problem(
        scenario.settle(stranger, lease, ProtocolScenario.failures(lease), 0),
        403,
        "lease.foreign");
    Caller.problem(
        stranger.post(path + "/renew", Map.of("sequence", sequence, "linesDone", 0)),
        403,
        "lease.foreign");
    Caller.problem(
        stranger.post(path + "/uploads", ProtocolScenario.upload(lease, "a", "0".repeat(64))),
        403,
        "lease.foreign");

    assertThat(scenario.ledger(task).path("leased").asLong()).isEqualTo(1);
  }

  @Test
  void anUnknownLeaseIsNotFound() {
    Map<String, Object> report =
        Map.of("sequence", 1, "report", UUID.randomUUID(), "results", List.of(), "nextCapacity", 0);

    Caller.problem(
        machine.post("/api/leases/" + UUID.randomUUID() + "/settle", report), 404, "lease.unknown");
    Caller.problem(machine.post("/api/leases/not-a-uuid/settle", report), 404);
  }

  @Test
  void aReportThatLeavesALineOutOrNamesAForeignOneIsRefusedAndTheLeaseGoesOn() {
    scenario.approvedTask("a\nb\n");
    JsonNode lease = scenario.lease(machine, 2);
    List<Map<String, Object>> all = ProtocolScenario.failures(lease);

    Caller.problem(scenario.settle(machine, lease, all.subList(0, 1), 0), 400);
    Caller.problem(
        scenario.settle(machine, lease, List.of(all.get(0), ProtocolScenario.failure(99)), 0), 400);
    Caller.problem(scenario.settle(machine, lease, List.of(all.get(0), all.get(0)), 0), 400);

    Caller.json(scenario.settle(machine, lease, all, 0), 200);
  }

  @ParameterizedTest
  @CsvSource({"../escape,OUTPUT", "/etc/passwd,OUTPUT", "a/../../b,OUTPUT"})
  void aPathThatLeavesTheTargetIsNotGranted(String path, String failureClass) {
    scenario.approvedTask("a\n");
    JsonNode lease = scenario.lease(machine, 1);

    JsonNode grant =
        Caller.json(
                machine.post(
                    "/api/leases/" + lease.path("leaseId").asString() + "/uploads",
                    ProtocolScenario.upload(lease, path, "0".repeat(64))),
                200)
            .path("grants")
            .get(0);

    assertThat(grant.path("decision").asString()).isEqualTo("REFUSED");
    assertThat(grant.path("failureClass").asString()).isEqualTo(failureClass);
    assertThat(grant.path("message").asString()).isNotEmpty();
    assertThat(grant.path("url").isMissingNode() || grant.path("url").isNull()).isTrue();
  }

  @Test
  void aGrantLeadsToTheRelayAndShowsNoKeyOfTheStorage(Testbed bed) {
    scenario.approvedTask("a\n");
    JsonNode lease = scenario.lease(machine, 1);

    HttpResponse<String> answer =
        machine.post(
            "/api/leases/" + lease.path("leaseId").asString() + "/uploads",
            ProtocolScenario.upload(lease, "a", "0".repeat(64)));

    JsonNode grant = Caller.json(answer, 200).path("grants").get(0);
    assertThat(grant.path("decision").asString()).isEqualTo("PUT");
    assertThat(grant.path("url").asString()).startsWith(bed.relay().endpoint().toString());
    assertThat(answer.body())
        .doesNotContain(bed.storage().secretKey(), bed.relay().secretKey())
        .doesNotContain(bed.storage().endpoint().toString());
  }

  @Test
  void aMachineReadsItsScriptAndCanCheckItByItsHash() {
    scenario.approvedTask("a\n");
    String sha256 = scenario.lease(machine, 1).path("scriptSha256").asString();

    HttpResponse<String> script = machine.get("/api/scripts/" + sha256);

    assertThat(script.statusCode()).isEqualTo(200);
    assertThat(script.headers().firstValue("Content-Type").orElseThrow())
        .isEqualToIgnoringCase("text/x-python;charset=UTF-8");
    assertThat(script.body()).isEqualTo(ProtocolScenario.SCRIPT);
    Caller.problem(machine.get("/api/scripts/" + "0".repeat(64)), 404, "script.unknown");
  }

  @Test
  void aMachineReportsItsStatus() {
    Map<String, Object> status =
        Map.of(
            "condition",
            "WORKING",
            "workers",
            4,
            "busyWorkers",
            1,
            "freeDiskBytes",
            1_000_000,
            "residentBytes",
            0,
            "clientVersion",
            "1.0");

    HttpResponse<String> answer =
        machine.send(
            "PUT",
            "/api/machines/self/status",
            "application/json",
            Caller.JSON.writeValueAsString(status));

    assertThat(answer.statusCode()).isEqualTo(204);
    Caller.problem(
        machine.send("PUT", "/api/machines/self/status", "application/json", "{\"workers\":-1}"),
        400);
  }

  @Test
  void aMachineThatWasShutOutIsRefusedAtOnce() {
    assertThat(machine.post("/api/leases", Map.of("worker", "w1")).statusCode()).isEqualTo(204);

    assertThat(
            scenario
                .admin()
                .post("/api/machines/" + scenario.machineName("first") + "/deactivate", Map.of())
                .statusCode())
        .isLessThan(300);

    Caller.problem(machine.post("/api/leases", Map.of("worker", "w1")), 401);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/tasks",
    "POST,/api/tasks",
    "GET,/api/users",
    "POST,/api/machines",
    "POST,/api/projects",
    "POST,/api/tasks/1/approve"
  })
  void aMachineMayDoNothingButDownload(String method, String path) {
    HttpResponse<String> answer =
        machine.send(method, path, "application/json", method.equals("POST") ? "{}" : null);

    assertThat(answer.statusCode()).isIn(401, 403);
    Caller.problem(answer, answer.statusCode());
  }
}
