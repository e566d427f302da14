package io.aihub.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineAuthentication;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.identity.api.NewUser;
import io.aihub.identity.boundary.UserService;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.boundary.LeaseService;
import io.aihub.queue.boundary.UploadService;
import io.aihub.storage.control.ObjectStore;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** People, a machine and a machine tag of its own for one test, and what a client would do. */
@Dependent
public class QueueScenario {

  private static final String SCRIPT =
      "def download(line, output_local_dir):\n    return output_local_dir + line\n";

  @Inject private UserService users;
  @Inject private MachineService machines;
  @Inject private MachineAuthentication authentication;
  @Inject private TaskService tasks;
  @Inject private LeaseService leases;
  @Inject private UploadService uploads;
  @Inject private ObjectStore storage;

  @Inject
  @ConfigProperty(name = "aihub.identity.admin-username", defaultValue = "admin")
  private String admin;

  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final String submitter = "submitter-" + suffix;
  private final String receiver = "receiver-" + suffix;
  private final String tag = "tag-" + suffix;
  private MachineIdentity machine;

  @PostConstruct
  void introduce() {
    users.create(admin, new NewUser(submitter, "提交人", "password-" + suffix, false));
    users.create(admin, new NewUser(receiver, "李晓", "password-" + suffix, false));
    machine = newMachine("machine-" + suffix);
  }

  String submitter() {
    return submitter;
  }

  String receiver() {
    return receiver;
  }

  MachineIdentity machine() {
    return machine;
  }

  String targetPath() {
    return "it/" + suffix;
  }

  /** A further machine of the same tag. */
  MachineIdentity newMachine(String name) {
    String token = machines.create(admin, new NewMachine(name, tag)).token();
    return authentication.authenticate(token).orElseThrow();
  }

  /** A task that waits for its receiver; its index has these lines. */
  TaskView created(String... lines) {
    return created(Priority.LOW, lines);
  }

  TaskView created(Priority priority, String... lines) {
    String key = "indexes/" + UUID.randomUUID() + ".txt";
    String index = String.join("\n", lines) + "\n";
    storage.put(storage.targetBucket(), key, "text/plain", index.getBytes(UTF_8));
    return tasks.create(submitter, form(priority, "s3://" + storage.targetBucket() + "/" + key));
  }

  private NewTask form(Priority priority, String indexAddress) {
    return new NewTask(
        "容器内测试-" + suffix,
        priority,
        Instant.now().plus(1, ChronoUnit.DAYS),
        null,
        null,
        receiver,
        tag,
        indexAddress,
        null,
        targetPath(),
        "whole-system test",
        null,
        SCRIPT,
        null,
        true,
        null,
        null);
  }

  TaskView approved(String... lines) {
    return tasks.approve(receiver, created(lines).id(), "ok");
  }

  /** The next lines of the tag, waiting until there are some. */
  LeaseGrant lease(int capacity) {
    return Awaitility.await("lines to be handed out")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> leaseNow(machine, capacity), grant -> grant != null);
  }

  /** The next lines of the tag, or null where there are none at this moment. */
  LeaseGrant leaseNow(MachineIdentity by, int capacity) {
    return leases.lease(by, new LeaseRequest(capacity, "worker-1")).grant();
  }

  SettleAnswer settle(LeaseGrant lease, SettleRequest report) {
    return leases.settle(machine, lease.leaseId(), report);
  }

  static SettleRequest report(LeaseGrant lease, List<LineResult> results, int nextCapacity) {
    return new SettleRequest(lease.sequence(), UUID.randomUUID(), results, nextCapacity);
  }

  /** Uploads a small file for each line and says that all have succeeded. */
  List<LineResult> download(LeaseGrant lease) {
    return lease.lines().stream().map(line -> download(lease, line)).toList();
  }

  /** Uploads a small file for one line by a grant of the server, as a client does. */
  LineResult download(LeaseGrant lease, LeasedLine line) {
    byte[] content = content(line.text());
    String sha256 = sha256(content);
    UploadRequest.File file =
        new UploadRequest.File(line.line(), line.text(), content.length, sha256, false);
    UploadGrant grant =
        uploads
            .grant(machine, lease.leaseId(), new UploadRequest(lease.sequence(), List.of(file)))
            .grants()
            .get(0);
    if (grant.decision() != UploadGrant.Decision.PUT) {
      throw new AssertionError("No upload for " + line + ": " + grant);
    }
    put(grant, content);
    return LineResult.succeeded(line.line(), line.text(), content.length, sha256);
  }

  static byte[] content(String line) {
    return ("content of " + line).getBytes(UTF_8);
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void put(UploadGrant grant, byte[] content) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(grant.url()))
            .method(grant.method(), HttpRequest.BodyPublishers.ofByteArray(content));
    grant
        .headers()
        .forEach(
            (name, value) -> {
              // java.net.http sets these two itself, to the same values
              if (!List.of("host", "content-length").contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
              }
            });
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError("Upload: " + answer.statusCode() + " " + answer.body());
      }
    } catch (IOException failed) {
      throw new AssertionError("Upload to " + grant.url(), failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }
}
