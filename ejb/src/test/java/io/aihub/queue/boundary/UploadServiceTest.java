package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.PARIS;
import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static io.aihub.queue.boundary.QueueFixture.sha256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadGrant.Decision;
import io.aihub.queue.api.UploadRequest;
import io.aihub.shared.BusinessException;
import io.aihub.shared.InvalidException;
import io.aihub.testing.TestStorage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadServiceTest extends QueueTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final byte[] CONTENT = "the file".getBytes(UTF_8);
  private static final byte[] OTHER = "another file".getBytes(UTF_8);

  private long task;
  private LeaseGrant lease;

  @BeforeEach
  void lease() {
    task = queue.taskOf(lines(3));
    lease = queue.lease(TOKYO, 10);
  }

  private UploadGrant ask(long line, String path, byte[] content, boolean occupied) {
    return ask(lease, line, path, content, occupied);
  }

  private UploadGrant ask(
      LeaseGrant holder, long line, String path, byte[] content, boolean occupied) {
    return queue
        .uploads
        .grant(
            TOKYO,
            holder.leaseId(),
            new UploadRequest(
                holder.sequence(),
                List.of(
                    new UploadRequest.File(line, path, content.length, sha256(content), occupied))))
        .grants()
        .get(0);
  }

  private static int send(UploadGrant grant, byte[] content) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(grant.url()))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
    grant
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.toLowerCase(Locale.ROOT).equals("content-length")) { // its own business
                request.header(name, value);
              }
            });
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private byte[] stored(String path) {
    return queue.storage.get(TestStorage.BUCKET, "set-" + task + "/" + path);
  }

  @Test
  void aGrantedFileIsUploadedAndCounts() {
    UploadGrant grant = ask(1, "14807/_/图 片.jpg", CONTENT, false);

    assertThat(grant.decision()).isEqualTo(Decision.PUT);
    assertThat(grant.method()).isEqualTo("PUT");
    assertThat(grant.headers())
        .containsEntry("If-None-Match", "*")
        .containsEntry("x-amz-meta-aihub-line", task + "/1")
        .containsKey("x-amz-checksum-sha256")
        .doesNotContainKey("Host")
        .doesNotContainKey("host");
    assertThat(send(grant, CONTENT)).isEqualTo(200);
    assertThat(stored("14807/_/图 片.jpg")).isEqualTo(CONTENT);
    assertThat(
            queue
                .settle(
                    TOKYO,
                    lease,
                    List.of(
                        LineResult.succeeded(1, "14807/_/图 片.jpg", CONTENT.length, sha256(CONTENT)),
                        LineResult.givenBack(2),
                        LineResult.givenBack(3)))
                .succeeded())
        .isEqualTo(1);
  }

  @Test
  void aSizeBelowZeroIsRefusedByTheOneBoundThatItBreaks() {
    UploadRequest.File file = new UploadRequest.File(1, "a.bin", -1, sha256(CONTENT), false);
    UploadRequest request = new UploadRequest(lease.sequence(), List.of(file));

    assertThatThrownBy(() -> queue.uploads.grant(TOKYO, lease.leaseId(), request))
        .isInstanceOfSatisfying(
            InvalidException.class,
            refusal -> {
              assertThat(refusal.field()).isEqualTo("files[0].size");
              assertThat(refusal.message(Locale.ENGLISH))
                  .isEqualTo("The field files[0].size must not be below 0.");
            });
  }

  @Test
  void anEmptyFileIsAFileToo() {
    assertThat(send(ask(1, "empty", new byte[0], false), new byte[0])).isEqualTo(200);
  }

  @Test
  void aGrantIsGoodForItsOwnBytesOnly() {
    UploadGrant grant = ask(1, "a.bin", CONTENT, false);

    assertThat(send(grant, "The file".getBytes(UTF_8))).isEqualTo(400);
    assertThat(queue.store.headTarget("set-" + task + "/a.bin")).isEmpty();
  }

  @Test
  void whatStandsThereIsNotOverwritten() {
    assertThat(send(ask(1, "a.bin", CONTENT, false), CONTENT)).isEqualTo(200);

    assertThat(send(ask(2, "a.bin", OTHER, false), OTHER)).isEqualTo(412);
    assertThat(stored("a.bin")).isEqualTo(CONTENT);
  }

  @Test
  void anotherLinesKeyIsAClash() {
    send(ask(1, "a.bin", CONTENT, false), CONTENT);

    UploadGrant grant = ask(2, "a.bin", OTHER, true);

    assertThat(grant.decision()).isEqualTo(Decision.REFUSED);
    assertThat(grant.failureClass()).isEqualTo(FailureClass.CLASH);
    assertThat(grant.message()).contains("a.bin");
  }

  @Test
  void theSameBytesOfAnotherLineAreASuccess() {
    send(ask(1, "a.bin", CONTENT, false), CONTENT);

    assertThat(ask(2, "a.bin", CONTENT, true).decision()).isEqualTo(Decision.ALREADY_THERE);
  }

  @Test
  void theSameLineReplacesWhatItsEarlierAttemptLeft() {
    send(ask(1, "a.bin", CONTENT, false), CONTENT);

    UploadGrant grant = ask(1, "a.bin", OTHER, true);

    assertThat(grant.decision()).isEqualTo(Decision.PUT);
    assertThat(grant.headers()).doesNotContainKey("If-None-Match");
    assertThat(send(grant, OTHER)).isEqualTo(200);
    assertThat(stored("a.bin")).isEqualTo(OTHER);
  }

  @Test
  void aGrantToReplaceIsOnlyGoodForWhatItWasDecidedOn() {
    send(ask(1, "a.bin", CONTENT, false), CONTENT);
    UploadGrant stale = ask(1, "a.bin", OTHER, true);
    byte[] newer = "newer".getBytes(UTF_8);
    assertThat(send(ask(1, "a.bin", newer, true), newer)).isEqualTo(200);

    assertThat(send(stale, OTHER)).isEqualTo(412);
    assertThat(stored("a.bin")).isEqualTo(newer);
  }

  @Test
  void whatAnEarlierTaskLeftIsKept() {
    queue.storage.put(TestStorage.BUCKET, "set-" + task + "/a.bin", "old");

    assertThat(ask(1, "a.bin", CONTENT, true).failureClass()).isEqualTo(FailureClass.CLASH);
  }

  @Test
  void whatAnEarlierTaskLeftIsReplacedWhereTheTaskSaysOverwrite() {
    task = queue.taskOf(lines(3));
    queue.jdbi.useHandle(
        handle -> handle.execute("update download_task set overwrite = true where id = ?", task));
    lease = queue.lease(TOKYO, 10);
    queue.storage.put(TestStorage.BUCKET, "set-" + task + "/a.bin", "old");

    UploadGrant grant = ask(1, "a.bin", CONTENT, true);

    assertThat(grant.decision()).isEqualTo(Decision.PUT);
    assertThat(send(grant, CONTENT)).isEqualTo(200);
    assertThat(stored("a.bin")).isEqualTo(CONTENT);
  }

  @Test
  void ofTwoLinesOfOneLeaseThatWantOneKeyOneSucceeds() {
    List<UploadGrant> grants =
        queue
            .uploads
            .grant(
                TOKYO,
                lease.leaseId(),
                new UploadRequest(
                    1,
                    List.of(
                        new UploadRequest.File(1, "a", CONTENT.length, sha256(CONTENT), false),
                        new UploadRequest.File(2, "a", OTHER.length, sha256(OTHER), false))))
            .grants();

    assertThat(send(grants.get(0), CONTENT)).isEqualTo(200);
    assertThat(send(grants.get(1), OTHER)).isEqualTo(412);
    assertThat(ask(2, "a", OTHER, true).failureClass()).isEqualTo(FailureClass.CLASH);
    assertThat(ask(1, "a", CONTENT, true).decision()).isEqualTo(Decision.ALREADY_THERE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "a\nb",
        "a\u0000b",
        "a\u0085b",
        "_manifest/part-00001.jsonl.gz",
        "below/_manifest/part-00001.jsonl.gz",
        "below/_manifest",
        "half\ud83d"
      })
  void aPathThatIsNotSafeIsRefused(String path) {
    UploadGrant grant = ask(1, path, CONTENT, false);

    assertThat(grant.decision()).isEqualTo(Decision.REFUSED);
    assertThat(grant.failureClass()).isEqualTo(FailureClass.OUTPUT);
    assertThat(grant.message()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"_manifests/a", "my_manifest/a", "a/_manifest.json", "_aihub/a"})
  void aNameThatOnlyLooksLikeTheServersOwnIsFine(String path) {
    assertThat(ask(1, path, CONTENT, false).decision()).isEqualTo(Decision.PUT);
  }

  @Test
  void aKeyMayHave1024BytesAndNoMore() {
    String folders = ("图".repeat(70) + "/").repeat(4);
    int left = 1024 - ("set-" + task + "/").length() - folders.getBytes(UTF_8).length;
    String longest = folders + "x".repeat(left);

    assertThat(ask(1, longest, CONTENT, false).decision()).isEqualTo(Decision.PUT);
    assertThat(ask(1, longest + "x", CONTENT, false).failureClass()).isEqualTo(FailureClass.OUTPUT);
  }

  @Test
  void namesMayHaveAsManyBytesAsStorageOnAFileSystemTakes() throws Exception {
    String folder = "图".repeat(85); // 255 bytes
    String name = "图".repeat(72) + "ab"; // 218 bytes
    UploadGrant longest = ask(1, folder + "/" + name, CONTENT, false);

    assertThat(send(longest, CONTENT)).isEqualTo(200);
    assertThat(ask(1, name + "c", CONTENT, false).message()).contains("longer than 218 bytes");
    assertThat(ask(1, folder + "c/a", CONTENT, false).message()).contains("longer than 255 bytes");
  }

  @Test
  void onlyTheHolderOfALineMayUploadForIt() {
    assertThatThrownBy(() -> ask(4, "a", CONTENT, false))
        .isInstanceOfSatisfying(
            BusinessException.class,
            refusal -> assertThat(refusal.code()).isEqualTo("lease.file.line"));
    UploadRequest request =
        new UploadRequest(1, List.of(new UploadRequest.File(1, "a", 1, sha256(CONTENT), false)));
    assertThatThrownBy(() -> queue.uploads.grant(PARIS, lease.leaseId(), request))
        .isInstanceOfSatisfying(
            BusinessException.class,
            refusal -> assertThat(refusal.code()).isEqualTo("lease.foreign"));
    queue.clock.advance(Duration.ofMinutes(2));
    assertThatThrownBy(() -> queue.uploads.grant(TOKYO, lease.leaseId(), request))
        .isInstanceOfSatisfying(
            BusinessException.class,
            refusal -> assertThat(refusal.code()).isEqualTo("lease.expired"));
  }

  @Test
  void metadataKeepsTheLineThatAnObjectCameFrom() {
    send(ask(2, "b", CONTENT, false), CONTENT);

    Map<String, String> metadata =
        queue.store.headTarget("set-" + task + "/b").orElseThrow().metadata();

    assertThat(metadata)
        .containsEntry("aihub-line", task + "/2")
        .containsEntry("aihub-sha256", sha256(CONTENT));
  }
}
