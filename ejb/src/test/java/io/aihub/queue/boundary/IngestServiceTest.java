package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static io.aihub.testing.TestStorage.BUCKET;
import static io.aihub.testing.TestStorage.INDEX_BUCKET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.control.Ingest;
import io.aihub.queue.control.QueueSettings;
import io.aihub.shared.Reason;
import io.aihub.storage.control.StorageSettings;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestServiceTest extends QueueTest {

  private static final Charset GB18030 = Charset.forName("GB18030");

  private long task(byte[] index) {
    queue.storage.put(INDEX_BUCKET, "index.txt", index);
    long id = queue.task("s3://" + INDEX_BUCKET + "/index.txt");
    queue.ingestAll();
    return id;
  }

  private List<String> texts() {
    LeaseGrant grant = queue.lease(TOKYO, 100);
    return grant == null ? List.of() : grant.lines().stream().map(LeasedLine::text).toList();
  }

  private void failedWith(long task, String code) {
    assertThat(queue.state(task)).isEqualTo("FAILED");
    assertThat(queue.failures).extracting(Reason::code).containsExactly(code);
    assertThat(queue.failures.get(0).message(Locale.CHINESE)).isNotEqualTo(code);
  }

  @Test
  void linesEndWithLfOrCrlfAndTheLastNeedsNoEnd() {
    long task = task("one\r\ntwo\nthree".getBytes(UTF_8));

    assertThat(queue.ledger(task).lines()).isEqualTo(3);
    assertThat(queue.ledger(task).indexRead()).isTrue();
    assertThat(texts()).containsExactly("one", "two", "three");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLine() {
    task("\ufeffone\ntwo\n".getBytes(UTF_8));

    assertThat(texts()).containsExactly("one", "two");
  }

  @Test
  void aChineseIndexIsReadInItsCharset() {
    queue.storage.put(INDEX_BUCKET, "gb", "\ufeffhttp://源/图片一\r\n\nhttp://源/二\n".getBytes(GB18030));
    long task = queue.task("s3://" + INDEX_BUCKET + "/gb", "abroad", 0, "GB18030", false);
    queue.ingestAll();

    assertThat(texts()).containsExactly("http://源/图片一", "http://源/二");
    assertThat(queue.ledger(task).skipped()).isEqualTo(1);
  }

  @Test
  void blankLinesAreSkippedAndCounted() {
    long task = task("\n  \none\n\t\r\ntwo\n\n".getBytes(UTF_8));

    assertThat(texts()).containsExactly("one", "two");
    assertThat(queue.ledger(task).skipped()).isEqualTo(4);
  }

  @Test
  void anIndexOfBlankLinesOnlyCompletes() {
    long task = task("\n\n\n".getBytes(UTF_8));

    assertThat(texts()).isEmpty();
    queue.segments.closeSettled();

    assertThat(queue.ledger(task).skipped()).isEqualTo(3);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
  }

  @Test
  void aLineThatIsNoTextFailsAndTheTaskGoesOn() {
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    index.writeBytes("one\n".getBytes(UTF_8));
    index.writeBytes("坏".getBytes(GB18030));
    index.writeBytes("\nthree\n".getBytes(UTF_8));
    long task = task(index.toByteArray());

    assertThat(texts()).containsExactly("one", "three");
    assertThat(queue.ledger(task).failed()).isEqualTo(1);
    assertThat(queue.ledger.failures(task, FailureClass.INDEX, true, 0, 10).items().get(0).line())
        .isEqualTo(2);
  }

  @Test
  void aLineOf64KibIsFineAndALongerOneFails() {
    String longest = "x".repeat(64 * 1024);
    long task =
        task(
            (longest + "\r\n" + longest + "y\nok\n" + longest.repeat(40) + "\nend\n")
                .getBytes(UTF_8));

    assertThat(texts()).containsExactly(longest, "ok");
    assertThat(texts()).containsExactly("end");
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.INDEX, 2L));
    assertThat(queue.ledger.failures(task, null, true, 0, 10).items())
        .allSatisfy(view -> assertThat(view.text()).hasSize(2000));
  }

  @Test
  void aHugeLineIsASegmentOfItsOwn() {
    long task = task((lines(3) + "x".repeat(20 << 20) + "\n" + lines(2)).getBytes(UTF_8));

    List<Integer> counts =
        queue.jdbi.withHandle(
            handle ->
                handle
                    .createQuery("select line_count from segment where task_id = ? order by 1")
                    .bind(0, task)
                    .mapTo(Integer.class)
                    .list());

    assertThat(counts).containsExactly(1, 2, 3);
    assertThat(queue.ledger(task).lines()).isEqualTo(6);
    assertThat(texts()).hasSize(3);
    assertThat(texts()).hasSize(2);
    assertThat(queue.ledger(task).failed()).isEqualTo(1);
  }

  @Test
  void anIndexThatIsNotThereFailsTheTask() {
    long task = queue.task("s3://" + INDEX_BUCKET + "/none.txt");
    queue.ingestAll();

    failedWith(task, "index.missing");
  }

  @Test
  void anIndexInABucketThatIsNotThereFailsTheTask() {
    long task = queue.task("s3://nowhere/none.txt");
    queue.ingestAll();

    failedWith(task, "index.missing");
  }

  @Test
  void anAddressThatNamesNoIndexFailsTheTask() {
    long task = queue.task("index.txt");
    queue.ingestAll();

    failedWith(task, "index.address");
    assertThat(queue.failures.get(0).message(Locale.ENGLISH)).contains("address index.txt");
  }

  @Test
  void anEmptyIndexFailsTheTask() {
    failedWith(task(new byte[0]), "index.empty");
  }

  @Test
  void anIndexOfNothingButAByteOrderMarkFailsTheTask() {
    failedWith(task("\ufeff".getBytes(UTF_8)), "index.empty");
  }

  @Test
  void aTaskGoesOnWhenItsIndexHasBeenBrought() {
    long task = queue.task("s3://" + INDEX_BUCKET + "/late.txt");
    queue.ingestAll();
    queue.storage.put(INDEX_BUCKET, "late.txt", "one\n");
    queue.become(task, "IN_PROGRESS");
    queue.ingestAll();

    assertThat(texts()).containsExactly("one");
  }

  @Test
  void anIndexThatChangesFailsTheTaskAndNothingIsMixed() {
    long task = task(lines(600).getBytes(UTF_8));
    assertThat(texts()).hasSize(100);
    queue.storage.put(INDEX_BUCKET, "index.txt", lines(700));

    LedgerView before = queue.ledger(task);
    LeaseGrant grant = queue.lease(TOKYO, 1000);
    while (grant != null) { // what is in memory is still the old index
      grant = queue.lease(TOKYO, 1000);
    }

    failedWith(task, "index.changed");
    assertThat(queue.ledger(task).lines()).isEqualTo(before.lines());
    queue.storage.put(INDEX_BUCKET, "index.txt", lines(600));
    queue.become(task, "IN_PROGRESS");
    assertThat(queue.lease(TOKYO, 10)).isNotNull();
  }

  @Test
  void aPackedIndexIsUnpackedOnceAndTheCopyGoesWithTheTask() {
    long task = task(QueueFixture.packed("\ufeffone\r\ntwo\n".getBytes(UTF_8)));
    String copy = "_aihub/work/" + task + "/index";
    assertThat(queue.storage.get(BUCKET, copy)).isEqualTo("\ufeffone\r\ntwo\n".getBytes(UTF_8));

    LeaseGrant grant = queue.lease(TOKYO, 10);
    assertThat(grant.lines()).extracting(LeasedLine::text).containsExactly("one", "two");
    assertThat(queue.store.head(BUCKET, copy)).isPresent();
    queue.settle(TOKYO, grant, queue.uploaded(grant));
    queue.segments.closeSettled();

    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.store.head(BUCKET, copy)).isEmpty();
  }

  @Test
  void aLargePackedIndexOfSeveralMembersIsUnpacked() {
    byte[] half = QueueFixture.packed(lines(400_000).getBytes(UTF_8));
    byte[] both = Arrays.copyOf(half, half.length * 2);
    System.arraycopy(half, 0, both, half.length, half.length);
    long task = task(both);

    assertThat(queue.ledger(task).lines()).isEqualTo(800_000);
  }

  @Test
  void aDamagedPackedIndexSaysSo() {
    byte[] packed = QueueFixture.packed(lines(1000).getBytes(UTF_8));

    failedWith(task(Arrays.copyOf(packed, packed.length / 2)), "index.corrupt");
  }

  @Test
  void aFileThatOnlyCallsItselfPackedSaysSo() {
    queue.storage.put(INDEX_BUCKET, "index.gz", "plain\n");
    long task = queue.task("s3://" + INDEX_BUCKET + "/index.gz");
    queue.ingestAll();

    failedWith(task, "index.corrupt");
  }

  @Test
  void theFirstSegmentsAreSmallAndLaterOnesGrow() {
    long task = task(lines(60_000).getBytes(UTF_8));

    List<Integer> counts =
        queue.jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "select line_count from segment where task_id = ? order by segment_no")
                    .bind(0, task)
                    .mapTo(Integer.class)
                    .list());

    assertThat(counts.subList(0, 5)).containsExactly(250, 250, 250, 250, 500);
    assertThat(counts).allMatch(count -> count <= 10_000);
    assertThat(queue.ledger(task).lines()).isEqualTo(60_000);
  }

  @Test
  void anIndexWhoseReaderDiedIsClaimedByAnother() {
    queue.storage.put(INDEX_BUCKET, "index.txt", lines(600));
    long task = queue.task("s3://" + INDEX_BUCKET + "/index.txt");
    Ingest dead = queue.ingest.claim().orElseThrow();
    assertThat(queue.ingest.claim()).isEmpty();

    queue.clock.advance(Duration.ofMinutes(1));
    queue.ingestAll();
    queue.ingest.read(dead); // wakes up late, and finds that it has been replaced

    assertThat(queue.ledger(task).lines()).isEqualTo(600);
    assertThat(queue.state(task)).isEqualTo("IN_PROGRESS");
  }

  @Test
  void readingGoesOnFromWhereItWasLeft() {
    long task = task(lines(5_000).getBytes(UTF_8));
    queue.jdbi.useHandle(
        handle -> { // as if the reader had died after the third segment
          handle.execute("delete from segment where task_id = ? and segment_no > 3", task);
          handle.execute(
              """
              update index_ingest set state = 'READING', lines = 750, segments = 3, position = (
                select max(byte_offset + byte_length) from segment where task_id = ?),
                claimed_until = null
              where task_id = ?
              """,
              task,
              task);
        });
    assertThat(queue.ledger(task).lines()).isEqualTo(750);

    queue.ingestAll();

    assertThat(queue.ledger(task).lines()).isEqualTo(5_000);
    for (LeaseGrant grant = queue.lease(TOKYO, 1000);
        grant != null;
        grant = queue.lease(TOKYO, 1000)) {
      assertThat(grant.lines())
          .allMatch(line -> line.text().equals("https://origin/" + line.line()));
    }
  }

  @Test
  void whileStorageIsDownTheTaskWaits() {
    try (QueueFixture cutOff =
        new QueueFixture(
            QueueTest.database(),
            settings ->
                new StorageSettings(
                    new StorageSettings.Endpoint(
                        URI.create("http://127.0.0.1:1"), "us-east-1", "k", "s", true),
                    settings.relay(),
                    settings.bucket()),
            QueueSettings.DEFAULTS)) {
      long task = cutOff.task("s3://" + INDEX_BUCKET + "/index.txt");
      cutOff.ingestAll();

      assertThat(cutOff.state(task)).isEqualTo("IN_PROGRESS");
      assertThat(cutOff.ingest.claim()).isEmpty();
      cutOff.clock.advance(Duration.ofSeconds(15));
      assertThat(cutOff.ingest.claim()).isPresent();
    }
  }
}
