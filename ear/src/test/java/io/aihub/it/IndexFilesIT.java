package io.aihub.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LedgerView;
import io.aihub.task.api.IndexCharset;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.TaskState;
import io.aihub.testbed.Api;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Index files of every kind that users have, from storage to storage through a real client. The
 * script writes what it was given, so that each stored file shows the line as the script saw it.
 */
@ExtendWith(SharedTestbed.class)
class IndexFilesIT {

  private static final String SCRIPT =
      """
      import hashlib

      def download(line, output_local_dir):
          text = line.encode('utf-8')
          path = output_local_dir + '/' + hashlib.sha256(text).hexdigest() + '.txt'
          with open(path, 'wb') as file:
              file.write(text)
          return path
      """;

  private static final String PASSWORD = "index-files-it";
  private static final String SUFFIX = UUID.randomUUID().toString().substring(0, 8);
  private static final String TAG = "index-" + SUFFIX;

  private static Testbed bed;
  private static Api submitter;
  private static Api receiver;
  private static DownloadClient client;

  @BeforeAll
  static void startAClient(Testbed shared) throws IOException {
    bed = shared;
    bed.admin().createUser("submitter-" + SUFFIX, "提交人", PASSWORD, false);
    bed.admin().createUser("receiver-" + SUFFIX, "李晓", PASSWORD, false);
    submitter = bed.user("submitter-" + SUFFIX, PASSWORD);
    receiver = bed.user("receiver-" + SUFFIX, PASSWORD);
    String name = "index-client-" + SUFFIX;
    client =
        bed.client(name, bed.admin().createMachine(name, TAG).token())
            .with("aihub.client.workers", 2);
    client.start();
    bed.admin().createMachine("nobody-" + SUFFIX, TAG + "-idle");
  }

  @AfterAll
  static void stopTheClient() {
    if (client != null) {
      client.stop();
    }
  }

  @Test
  void utf8WithAByteOrderMarkWindowsLineEndsBlankLinesAndNoFinalNewline() throws IOException {
    long task = submit("utf8", "\uFEFF第一行\r\n\r\nsecond line\r\n   \r\nlast".getBytes(UTF_8), null);

    assertThat(completed(task)).satisfies(ledger -> assertCounts(ledger, 5, 3, 0, 2));
    assertThat(stored("utf8")).containsExactlyInAnyOrder("第一行", "second line", "last");
  }

  @Test
  void gb18030IsReadAsItsTaskSays() throws IOException {
    byte[] index = "北京|==|/a\n上海|==|/b\n𠮷野家\n".getBytes(Charset.forName("GB18030"));
    long task = submit("gb18030", index, IndexCharset.GB18030);

    assertThat(completed(task)).satisfies(ledger -> assertCounts(ledger, 3, 3, 0, 0));
    assertThat(stored("gb18030")).containsExactlyInAnyOrder("北京|==|/a", "上海|==|/b", "𠮷野家");
  }

  @Test
  void aPackedIndexIsUnpacked() throws IOException {
    List<String> lines = IntStream.range(0, 250).mapToObj(line -> "line " + line).toList();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(String.join("\n", lines).getBytes(UTF_8));
    }
    long task = submit("packed", packed.toByteArray(), null);

    assertThat(completed(task)).satisfies(ledger -> assertCounts(ledger, 250, 250, 0, 0));
    assertThat(stored("packed")).containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void aLineThatIsTooLongOrNoTextFailsAloneAsAnIndexFailure() throws IOException {
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    index.write("before\n".getBytes(UTF_8));
    index.write(("x".repeat(70 * 1024) + "\n").getBytes(UTF_8));
    index.write(("y".repeat(64 * 1024) + "\n").getBytes(UTF_8));
    index.write(new byte[] {(byte) 0xC3, (byte) 0x28, '\n'});
    index.write("after\n".getBytes(UTF_8));
    long task = submit("long", index.toByteArray(), null);

    assertThat(completed(task)).satisfies(ledger -> assertCounts(ledger, 5, 3, 2, 0));
    assertThat(stored("long")).containsExactlyInAnyOrder("before", "y".repeat(64 * 1024), "after");
    List<FailureView> failures = submitter.failures(task, 0, 10).items();
    assertThat(failures).extracting(FailureView::line).containsExactly(2L, 4L);
    assertThat(failures).extracting(FailureView::failureClass).containsOnly(FailureClass.INDEX);
    assertThat(failures).extracting(FailureView::message).doesNotContainNull();
    assertThat(submitter.task(task).failuresByClass()).isEqualTo(Map.of(FailureClass.INDEX, 2L));
  }

  @Test
  void anIndexOfBlankLinesCompletesWithAllOfThemSkipped() throws IOException {
    long task = submit("blank", "\n\r\n  \n".getBytes(UTF_8), null);

    assertThat(completed(task)).satisfies(ledger -> assertCounts(ledger, 3, 0, 0, 3));
  }

  @Test
  void aMissingIndexFailsItsTaskInWordsAndCanBeBroughtAndResumed() throws IOException {
    String address = address(UUID.randomUUID() + ".txt");
    long task = approved("missing", address, null, TAG);

    assertThat(failedBecause(task)).contains("not in storage");

    put(address, "here at last\n".getBytes(UTF_8));
    submitter.act(task, "resume", "The index is there now");
    assertThat(completed(task)).satisfies(ledger -> assertCounts(ledger, 1, 1, 0, 0));
  }

  @Test
  void anEmptyIndexFailsItsTaskInWords() throws IOException {
    assertThat(failedBecause(submit("empty", new byte[0], null))).contains("empty");
  }

  @Test
  void aDamagedPackedIndexFailsItsTaskInWords() throws IOException {
    byte[] damaged = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3};

    assertThat(failedBecause(submit("damaged", damaged, null))).contains("gzip");
  }

  @Test
  void anIndexThatIsChangedWhileItRunsFailsItsTaskAndNothingIsMixed() throws IOException {
    String address = address(UUID.randomUUID() + ".txt");
    put(address, "old line\n".repeat(25_000).getBytes(UTF_8));
    // a tag whose one machine asks for nothing, until the index has been changed
    String tag = TAG + "-idle";
    long task = approved("changed", address, null, tag);
    await("the index to be read")
        .atMost(Duration.ofSeconds(60))
        .until(() -> submitter.task(task).ledger().indexRead());
    put(address, "new line\n".repeat(25_000).getBytes(UTF_8));

    String name = "late-" + SUFFIX;
    Caller machine =
        Caller.machine(bed.server().url(), bed.admin().createMachine(name, tag).token());
    await("the change to be noticed")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              String lease = machine.post("/api/leases", Map.of("worker", "w")).body();
              assertThat(lease).doesNotContain("new line");
              return submitter.task(task).task().state() == TaskState.FAILED;
            });

    assertThat(failedBecause(task)).contains("changed");
    assertThat(submitter.task(task).ledger().balances()).isTrue();
  }

  private static long submit(String target, byte[] index, IndexCharset charset) throws IOException {
    String address = address(UUID.randomUUID() + ".txt");
    put(address, index);
    return approved(target, address, charset, TAG);
  }

  private static String address(String key) {
    return "s3://" + Testbed.INDEX_BUCKET + "/" + key;
  }

  private static void put(String address, byte[] content) {
    try (S3Client s3 = bed.storage().client()) {
      s3.putObject(
          request ->
              request
                  .bucket(Testbed.INDEX_BUCKET)
                  .key(address.substring(address.lastIndexOf('/') + 1)),
          RequestBody.fromBytes(content));
    }
  }

  private static long approved(String target, String address, IndexCharset charset, String tag) {
    long task =
        submitter
            .createTask(
                new NewTask(
                    "索引_" + target,
                    null,
                    Instant.now().plus(1, ChronoUnit.DAYS),
                    null,
                    null,
                    "receiver-" + SUFFIX,
                    tag,
                    address,
                    charset,
                    path(target),
                    "A test of index files, a few KiB",
                    null,
                    SCRIPT,
                    null,
                    null,
                    null,
                    null))
            .id();
    receiver.act(task, "approve", "ok");
    return task;
  }

  private static String path(String target) {
    return "index-files-" + SUFFIX + "/" + target;
  }

  private static LedgerView completed(long task) {
    await("task " + task + " to be completed")
        .atMost(Duration.ofMinutes(8)) // the first one waits for a client that starts cold
        .until(
            () -> submitter.task(task).task().state(),
            state -> state == TaskState.COMPLETED || state == TaskState.FAILED);
    assertThat(submitter.task(task).task().state()).isEqualTo(TaskState.COMPLETED);
    return submitter.task(task).ledger();
  }

  private static void assertCounts(
      LedgerView ledger, long lines, long succeeded, long failed, long skipped) {
    assertThat(ledger.balances()).isTrue();
    assertThat(List.of(ledger.lines(), ledger.succeeded(), ledger.failed(), ledger.skipped()))
        .as("lines, succeeded, failed, skipped")
        .containsExactly(lines, succeeded, failed, skipped);
  }

  /** The reason that the system gave for the task's failure. */
  private static String failedBecause(long task) {
    await("task " + task + " to fail")
        .atMost(Duration.ofSeconds(60))
        .until(() -> submitter.task(task).task().state() == TaskState.FAILED);
    var transitions = submitter.task(task).transitions();
    return transitions.get(transitions.size() - 1).reason();
  }

  /** What the files of a task contain. */
  private static List<String> stored(String target) throws IOException {
    Path folder = bed.storage().folder(Testbed.BUCKET).resolve(path(target));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(
              file -> {
                try {
                  return Files.readString(file);
                } catch (IOException unreadable) {
                  throw new java.io.UncheckedIOException(unreadable);
                }
              })
          .collect(Collectors.toList());
    }
  }
}
