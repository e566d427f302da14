package io.aihub.it;

import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.Testbed;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/** People, a machine tag and tasks of its own for one test that talks HTTP to the server. */
final class ProtocolScenario {

  static final String SCRIPT = "# 下载\ndef download(line, output_local_dir):\n    return None\n";

  private static final Duration START_OF_A_CLIENT = Duration.ofMinutes(10);
  private static final String PASSWORD = "a password of 长度";

  private final Testbed bed;
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);

  ProtocolScenario(Testbed bed) {
    this.bed = bed;
    for (String who : List.of("submitter", "receiver")) {
      Caller.json(
          admin()
              .post(
                  "/api/users",
                  Map.of(
                      "username",
                      who + "-" + suffix,
                      "displayName",
                      who.equals("receiver") ? "李晓" : "提交人",
                      "password",
                      PASSWORD)),
          201);
    }
  }

  Caller nobody() {
    return Caller.nobody(bed.server().url());
  }

  Caller admin() {
    return Caller.person(bed.server().url(), Testbed.ADMIN, bed.adminPassword());
  }

  Caller submitter() {
    return Caller.person(bed.server().url(), "submitter-" + suffix, PASSWORD);
  }

  Caller receiver() {
    return Caller.person(bed.server().url(), "receiver-" + suffix, PASSWORD);
  }

  String receiverName() {
    return "receiver-" + suffix;
  }

  String tag() {
    return "标签-" + suffix;
  }

  String machineName(String name) {
    return name + "-" + suffix;
  }

  /** A machine of the scenario's tag. */
  Caller newMachine(String name) {
    JsonNode machine =
        Caller.json(
            admin().post("/api/machines", Map.of("name", machineName(name), "tag", tag())), 201);
    return Caller.machine(bed.server().url(), machine.path("token").asString());
  }

  /** The client of a machine of the scenario's tag, to be started. */
  DownloadClient client() {
    return bed.client("client", bed.admin().createMachine("client", tag()).token());
  }

  /**
   * Has a client try a script out, and waits for it.
   *
   * @param more fields of the form beside what a try-out needs
   * @return the try-out once it is done
   */
  JsonNode triedOut(String scriptSha256, String index, Map<String, Object> more) {
    Map<String, Object> form = new HashMap<>(more);
    form.put("scriptSha256", scriptSha256);
    form.put("machineTag", tag());
    form.put("indexAddress", form(index).get("indexAddress"));
    JsonNode submitted = Caller.json(submitter().post("/api/try-outs", form), 201);
    String address = "/api/try-outs/" + submitted.path("id").asLong();
    return Awaitility.await("the try-out is done")
        .atMost(START_OF_A_CLIENT)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> Caller.json(submitter().get(address), 200),
            view -> view.path("state").asString().equals("DONE"));
  }

  /**
   * A machine that has nothing to do says so.
   *
   * @param errand the field of what it was given to do beside downloads
   * @param value which one it is at; null: none
   */
  HttpResponse<String> status(Caller machine, String errand, Object value) {
    Map<String, Object> status = new HashMap<>();
    status.put("condition", "IDLE");
    status.put("workers", 4);
    status.put("busyWorkers", 0);
    status.put("freeDiskBytes", 1);
    status.put("residentBytes", 1);
    status.put("clientVersion", "1");
    status.put(errand, value);
    return machine.send(
        "PUT",
        "/api/machines/self/status",
        "application/json",
        Caller.JSON.writeValueAsString(status));
  }

  /** The form of a task whose index has this text. */
  Map<String, Object> form(String index) {
    String key = UUID.randomUUID() + ".txt";
    try (S3Client s3 = bed.storage().client()) {
      s3.putObject(
          request -> request.bucket(Testbed.INDEX_BUCKET).key(key),
          RequestBody.fromString(index, StandardCharsets.UTF_8));
    }
    Map<String, Object> form = new HashMap<>();
    form.put("name", "协议_" + suffix);
    form.put("expectedDeliveryAt", Instant.now().plus(1, ChronoUnit.DAYS).toString());
    form.put("receiver", receiverName());
    form.put("machineTag", tag());
    form.put("indexAddress", "s3://" + Testbed.INDEX_BUCKET + "/" + key);
    form.put("targetPath", "protocol/" + suffix);
    form.put("purpose", "A test of the protocol, 1 KiB");
    form.put("script", SCRIPT);
    return form;
  }

  long createdTask(String index) {
    return Caller.json(submitter().post("/api/tasks", form(index)), 201).path("id").asLong();
  }

  long approvedTask(String index) {
    long task = createdTask(index);
    Caller.json(receiver().post("/api/tasks/" + task + "/approve", Map.of("comment", "好")), 200);
    return task;
  }

  JsonNode task(long id) {
    return Caller.json(submitter().get("/api/tasks/" + id), 200);
  }

  JsonNode ledger(long task) {
    return task(task).path("ledger");
  }

  /**
   * The next lines, waiting until there are some.
   *
   * @param capacity null means the server's default
   */
  JsonNode lease(Caller machine, Integer capacity) {
    Map<String, Object> request = new HashMap<>(Map.of("worker", "w1"));
    if (capacity != null) {
      request.put("capacity", capacity);
    }
    HttpResponse<String> answer =
        Awaitility.await("lines to be handed out")
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(200))
            .until(() -> machine.post("/api/leases", request), got -> got.statusCode() != 204);
    return Caller.json(answer, 200);
  }

  HttpResponse<String> settle(
      Caller machine, JsonNode lease, List<Map<String, Object>> results, int nextCapacity) {
    return machine.post(
        "/api/leases/" + lease.path("leaseId").asString() + "/settle",
        report(lease, results, nextCapacity));
  }

  static Map<String, Object> report(
      JsonNode lease, List<Map<String, Object>> results, int nextCapacity) {
    return Map.of(
        "sequence",
        lease.path("sequence").asLong(),
        "report",
        UUID.randomUUID(),
        "results",
        results,
        "nextCapacity",
        nextCapacity);
  }

  /** A final failure for each line of a lease. */
  static List<Map<String, Object>> failures(JsonNode lease) {
    return StreamSupport.stream(lease.path("lines").spliterator(), false)
        .map(line -> failure(line.path("line").asLong()))
        .toList();
  }

  static Map<String, Object> failure(long line) {
    return Map.of(
        "line", line, "outcome", "FAILED", "failureClass", "HTTP_4xx", "message", "404 Not Found");
  }

  /** Asks for the upload of one file of ten bytes for the first line of a lease. */
  static Map<String, Object> upload(JsonNode lease, String path, String sha256) {
    return Map.of(
        "sequence",
        lease.path("sequence").asLong(),
        "files",
        List.of(
            Map.of(
                "line",
                lease.path("lines").get(0).path("line").asLong(),
                "path",
                path,
                "size",
                10,
                "sha256",
                sha256,
                "occupied",
                false)));
  }
}
