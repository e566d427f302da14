package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.control.FailureRetries;
import io.aihub.queue.control.QueueSettings;
import io.aihub.queue.entity.SegmentId;
import io.aihub.shared.BusinessException;
import io.aihub.testing.TestStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FailureRetryTest extends QueueTest {

  private static final RetryRequest ALL = new RetryRequest(null, null, null);

  @Override
  QueueSettings settings() {
    return QueueFixture.TRUSTING;
  }

  private static RetryRequest of(FailureClass failureClass) {
    return new RetryRequest(List.of(failureClass), null, "again");
  }

  private static RetryRequest of(Long... lines) {
    return new RetryRequest(null, List.of(lines), null);
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BusinessException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  /** Leases and settles until there is nothing to hand out; time passes for what has to wait. */
  private void workOff(long task, Function<LeasedLine, FailureClass> failure) {
    for (int pause = 0; pause < 4; pause++) {
      for (LeaseGrant grant = queue.lease(TOKYO, 100);
          grant != null;
          grant = queue.lease(TOKYO, 100)) {
        LeaseGrant held = grant;
        queue.settle(
            TOKYO, held, held.lines().stream().map(line -> result(line, failure)).toList());
        queue.ledger(task);
      }
      queue.clock.advance(Duration.ofMinutes(2));
    }
    queue.segments.closeSettled();
    queue.ledger(task);
  }

  private static LineResult result(LeasedLine line, Function<LeasedLine, FailureClass> failure) {
    FailureClass failureClass = failure.apply(line);
    return failureClass == null ? QueueFixture.done(line) : QueueFixture.failed(line, failureClass);
  }

  private static FailureClass everyTenthFails(LeasedLine line) {
    if (line.line() % 10 != 0) {
      return null;
    }
    return line.line() % 20 == 0 ? FailureClass.HTTP_4xx : FailureClass.DNS;
  }

  private static FailureClass none(LeasedLine line) {
    return null;
  }

  private long finished(int lines) {
    long task = queue.taskOf(lines(lines));
    workOff(task, FailureRetryTest::everyTenthFails);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    return task;
  }

  private void recordsAreOf(long task, int lines, Map<String, Long> outcomes) {
    List<String> manifest = queue.manifest(task);
    assertThat(manifest.stream().map(record -> record.replaceFirst(".\"line\":(\\d+),.*", "$1")))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, lines).mapToObj(Long::toString).toList());
    outcomes.forEach(
        (outcome, count) ->
            assertThat(manifest.stream().filter(record -> record.contains("\"" + outcome + "\"")))
                .as(outcome)
                .hasSize(count.intValue()));
  }

  @Test
  void allFailuresOfAFinishedTaskAreTriedAgainAndTheManifestSaysSo() {
    long task = finished(600);
    assertThat(queue.ledger(task).failed()).isEqualTo(60);

    assertThat(queue.retries.retry("user1", task, ALL).lines()).isEqualTo(60);
    assertThat(queue.state(task)).isEqualTo("IN_PROGRESS");
    queue.segments.closeSettled();
    assertThat(queue.state(task)).as("before the lines have come back").isEqualTo("IN_PROGRESS");
    queue.retries.proceed();

    assertThat(queue.ledger(task).waiting()).isEqualTo(60);
    assertThat(queue.ledger(task).failed()).isZero();
    assertThat(queue.ledger.failuresByClass(task)).isEmpty();
    workOff(task, FailureRetryTest::none);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.ledger(task).succeeded()).isEqualTo(600);
    assertThat(queue.ledger.failures(task, null, false, 0, 10).total()).isZero();
    recordsAreOf(task, 600, Map.of("succeeded", 600L, "failed", 0L));
    assertThat(queue.manifest(task).get(9)).contains("\"attempts\":4"); // three failures before
  }

  @Test
  void onlyTheClassThatWasChosenIsTriedAgain() {
    long task = finished(100);

    assertThat(queue.retries.retry("user1", task, of(FailureClass.HTTP_4xx)).lines()).isEqualTo(5);
    queue.retries.proceed();

    assertThat(queue.ledger(task).waiting()).isEqualTo(5);
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.DNS, 5L));
    workOff(task, FailureRetryTest::none);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    recordsAreOf(task, 100, Map.of("succeeded", 95L, "DNS", 5L, "HTTP_4xx", 0L));
  }

  @Test
  void onlyTheLinesThatWereChosenAreTriedAgain() {
    long task = finished(100);

    assertThat(queue.retries.retry("user1", task, of(10L, 11L, 20L)).lines()).isEqualTo(2);
    queue.retries.proceed();

    assertThat(queue.ledger(task).waiting()).isEqualTo(2);
    LeaseGrant grant = queue.lease(TOKYO, 10);
    assertThat(grant.lines()).extracting(LeasedLine::line).containsExactly(10L, 20L);
    refused("retry.none", () -> queue.retries.retry("user1", task, of(10L, 11L)));
  }

  @Test
  void aLineHasAllItsAttemptsAgainAndPeopleSeeTheirSum() {
    long task = finished(10);
    FailureView before = queue.ledger.failures(task, null, true, 0, 10).items().get(0);
    assertThat(before.attempts()).isEqualTo(3);
    queue.retries.retry("user1", task, ALL);
    queue.retries.proceed();

    LeaseGrant fourth = queue.lease(TOKYO, 10);
    assertThat(fourth.lines()).extracting(LeasedLine::attempt).containsExactly(4);
    assertThat(queue.settle(TOKYO, fourth, failed(fourth)).retrying()).isEqualTo(1);
    queue.clock.advance(Duration.ofMinutes(2));
    LeaseGrant fifth = queue.lease(TOKYO, 10);
    assertThat(queue.settle(TOKYO, fifth, failed(fifth)).retrying()).isEqualTo(1);
    queue.clock.advance(Duration.ofMinutes(2));
    LeaseGrant sixth = queue.lease(TOKYO, 10);
    assertThat(queue.settle(TOKYO, sixth, failed(sixth)).failed()).isEqualTo(1);

    assertThat(queue.ledger.failures(task, null, true, 0, 10).items().get(0).attempts())
        .isEqualTo(6);
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    recordsAreOf(task, 10, Map.of("succeeded", 9L, "TIMEOUT", 1L, "DNS", 0L));
    assertThat(queue.manifest(task).get(9)).contains("\"attempts\":6");
  }

  private static List<LineResult> failed(LeaseGrant grant) {
    return grant.lines().stream()
        .map(line -> QueueFixture.failed(line, FailureClass.TIMEOUT))
        .toList();
  }

  @Test
  void failuresOfATaskThatRunsAreTriedAgainInTheirOpenSegment() {
    long task = queue.taskOf(lines(20));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    queue.settle(
        TOKYO,
        grant,
        grant.lines().stream()
            .map(line -> result(line, FailureRetryTest::everyTenthFails))
            .toList());
    queue.clock.advance(Duration.ofMinutes(2));
    LeaseGrant second = queue.lease(TOKYO, 10); // line 10, as DNS may pass
    queue.settle(
        TOKYO, second, List.of(QueueFixture.failed(second.lines().get(0), FailureClass.OUTPUT)));
    assertThat(queue.ledger(task).failed()).isEqualTo(1);

    queue.retries.retry("user1", task, ALL);
    queue.retries.proceed();

    assertThat(queue.ledger(task).waiting()).isEqualTo(1);
    workOff(task, FailureRetryTest::none);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    recordsAreOf(task, 20, Map.of("succeeded", 20L));
  }

  @Test
  void whatFailsAfterItWasAskedForIsLeftAlone() {
    long task = queue.taskOf(lines(300));
    LeaseGrant first = queue.lease(TOKYO, 300);
    queue.settle(
        TOKYO,
        first,
        first.lines().stream()
            .map(line -> QueueFixture.failed(line, FailureClass.HTTP_4xx))
            .toList());
    queue.retries.retry("user1", task, ALL);
    queue.clock.advance(Duration.ofSeconds(1));
    LeaseGrant later = queue.lease(TOKYO, 300);
    queue.settle(
        TOKYO,
        later,
        later.lines().stream()
            .map(line -> QueueFixture.failed(line, FailureClass.HTTP_4xx))
            .toList());

    queue.retries.proceed();

    assertThat(queue.ledger(task).waiting()).isEqualTo(first.lines().size());
    assertThat(queue.ledger(task).failed()).isEqualTo(later.lines().size());
  }

  @Test
  void aCrashBetweenTheStepsLosesNothing() {
    long task = finished(600); // three segments
    queue.retries.retry("user1", task, ALL);
    FailureRetries steps = queue.retries.retries;
    assertThat(queue.jdbi.<Boolean, RuntimeException>inTransaction(h -> steps.step(now())))
        .isTrue();
    assertThatThrownBy(
            () ->
                queue.jdbi.useTransaction(
                    handle -> {
                      steps.step(now());
                      throw new IllegalStateException("the server dies");
                    }))
        .hasMessage("the server dies");
    assertThat(queue.ledger(task).waiting()).isEqualTo(25); // of the first segment, 250 lines
    workOff(task, FailureRetryTest::none);
    assertThat(queue.state(task)).isEqualTo("IN_PROGRESS");

    queue.retries.proceed();
    workOff(task, FailureRetryTest::none);

    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    recordsAreOf(task, 600, Map.of("succeeded", 600L));
  }

  private Instant now() {
    return queue.clock.instant();
  }

  @Test
  void aPartThatWasWrittenButNotNotedDownIsWrittenAgain() {
    long task = finished(100);
    queue.retries.retry("user1", task, ALL);
    queue.retries.proceed();
    LeaseGrant grant = queue.lease(TOKYO, 100);
    queue.settle(TOKYO, grant, QueueFixture.done(grant));
    assertThatThrownBy(
            () ->
                queue.jdbi.useTransaction(
                    handle -> {
                      queue.segments.manifest.close(new SegmentId(task, 1));
                      throw new IllegalStateException("the server dies");
                    }))
        .hasMessage("the server dies");
    recordsAreOf(task, 100, Map.of("succeeded", 100L)); // in storage, but not for the database
    assertThat(queue.state(task)).isEqualTo("IN_PROGRESS");

    queue.segments.closeSettled();

    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    recordsAreOf(task, 100, Map.of("succeeded", 100L));
  }

  @Test
  void aPartThatIsGoneStopsTheTaskAndSaysWhich() {
    long task = finished(100);
    String key = "set-" + task + "/_manifest/part-00001.jsonl.gz";
    byte[] part = queue.storage.get(TestStorage.BUCKET, key);
    queue.retries.retry("user1", task, ALL);
    queue.retries.proceed();
    queue.storage.s3().deleteObject(delete -> delete.bucket(TestStorage.BUCKET).key(key));
    workOff(task, FailureRetryTest::none);
    assertThat(queue.state(task)).isEqualTo("FAILED");
    assertThat(queue.failures.get(0).code()).isEqualTo("manifest.missing");

    queue.storage.put(TestStorage.BUCKET, key, part);
    queue.become(task, "IN_PROGRESS");
    queue.segments.closeSettled();

    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    recordsAreOf(task, 100, Map.of("succeeded", 100L));
  }

  @Test
  void aTaskIntoTheSameFolderLeavesTheManifestAlone() {
    long first = finished(100);
    long second = queue.taskOf(lines(100));
    queue.jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update download_task
                set target_path = 'set-' || ?, manifest_folder = '_manifest/task-' || id
                where id = ?
                """,
                first,
                second));
    workOff(second, line -> FailureClass.HTTP_4xx);
    recordsAreOf(first, 100, Map.of("succeeded", 90L));
    queue.retries.retry("user1", first, ALL);
    queue.retries.proceed();

    workOff(first, FailureRetryTest::none);

    recordsAreOf(first, 100, Map.of("succeeded", 100L));
    recordsAreOf(second, 100, Map.of("HTTP_4xx", 100L));
  }

  @Test
  void failuresCanBeTriedAgainAndAgain() {
    long task = finished(100);
    for (int round = 0; round < 3; round++) {
      queue.retries.retry("user1", task, ALL);
      queue.retries.proceed();
      workOff(task, line -> FailureClass.HTTP_4xx);
      assertThat(queue.state(task)).isEqualTo("COMPLETED");
      recordsAreOf(task, 100, Map.of("succeeded", 90L, "HTTP_4xx", 10L));
    }
    assertThat(queue.ledger.failures(task, null, true, 0, 1).items().get(0).attempts())
        .isEqualTo(6);
  }

  @Test
  void aLostLineIsTriedAgain() {
    long task = queue.taskOf(lines(1));
    for (int loss = 0; loss < 3; loss++) {
      queue.lease(TOKYO, 1);
      queue.clock.advance(Duration.ofMinutes(2));
      queue.expiry.reclaimExpired();
    }
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.LOST, 1L));
    queue.segments.closeSettled();

    queue.retries.retry("user1", task, ALL);
    queue.retries.proceed();
    queue.lease(TOKYO, 1);
    queue.clock.advance(Duration.ofMinutes(2));
    queue.expiry.reclaimExpired();

    assertThat(queue.ledger(task).waiting()).as("one loss is not the end again").isEqualTo(1);
    workOff(task, FailureRetryTest::none);
    assertThat(queue.manifest(task).get(0)).contains("\"attempts\":5");
  }

  @Test
  void aCancelledTaskKeepsItsFailures() {
    long task = finished(100);
    queue.retries.retry("user1", task, ALL);
    queue.become(task, "CANCELLED");

    queue.retries.proceed();

    assertThat(queue.ledger(task).failed()).isEqualTo(10);
  }

  @Test
  void aStoppedTaskWaitsWithItsRetriesUntilItIsResumed() {
    long task = finished(100);
    queue.retries.retry("user1", task, ALL);
    queue.become(task, "FAILED");
    queue.retries.proceed();
    assertThat(queue.ledger(task).failed()).isEqualTo(10);

    queue.become(task, "IN_PROGRESS");
    queue.retries.proceed();

    assertThat(queue.ledger(task).waiting()).isEqualTo(10);
  }

  @Test
  void linesThatTheIndexItselfMakesUnusableStayFailed() {
    long task = queue.taskOf("a\n" + "x".repeat(70_000) + "\n");
    workOff(task, FailureRetryTest::none);
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.INDEX, 1L));

    refused("retry.none", () -> queue.retries.retry("user1", task, ALL));
    refused("retry.class.index", () -> queue.retries.retry("user1", task, of(FailureClass.INDEX)));
    refused("retry.none", () -> queue.retries.retry("user1", task, of(2L)));
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
  }

  @Test
  void noMoreThanAThousandLinesAreChosenOneByOne() {
    Long[] many = LongStream.rangeClosed(1, 1_001).boxed().toArray(Long[]::new);
    refused("retry.lines.many", () -> queue.retries.retry("user1", 1, of(many)));
  }

  @Test
  void anIndexThatChangedSinceIsRefusedInWords() {
    long task = finished(100);
    String key =
        queue.jdbi.withHandle(
            handle ->
                handle
                    .createQuery("select key from index_ingest where task_id = ?")
                    .bind(0, task)
                    .mapTo(String.class)
                    .one());
    queue.storage.put(TestStorage.INDEX_BUCKET, key, lines(101));
    refused("retry.index.changed", () -> queue.retries.retry("user1", task, ALL));
    queue.storage.s3().deleteObject(delete -> delete.bucket(TestStorage.INDEX_BUCKET).key(key));
    refused("index.missing", () -> queue.retries.retry("user1", task, ALL));
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.ledger(task).failed()).isEqualTo(10);
  }

  private long finishedPacked(String key) {
    queue.storage.put(
        TestStorage.INDEX_BUCKET,
        key,
        QueueFixture.packed(lines(100).getBytes(StandardCharsets.UTF_8)));
    long task = queue.task("s3://" + TestStorage.INDEX_BUCKET + "/" + key);
    queue.ingestAll();
    workOff(task, FailureRetryTest::everyTenthFails);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.store.headTarget("_aihub/work/" + task + "/index")).isEmpty();
    return task;
  }

  @Test
  void aPackedIndexIsUnpackedOnceMore() {
    long task = finishedPacked("again.txt.gz");

    queue.retries.retry("user1", task, ALL);
    queue.retries.proceed();
    assertThat(queue.lease(TOKYO, 10)).as("before the text is there").isNull();
    queue.ingestAll();
    queue.retries.proceed();

    workOff(task, FailureRetryTest::none);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.store.headTarget("_aihub/work/" + task + "/index")).isEmpty();
    recordsAreOf(task, 100, Map.of("succeeded", 100L));
  }

  @Test
  void aPackedIndexThatChangedSinceIsNotMixedIn() {
    long task = finishedPacked("changed.txt.gz");
    byte[] other = QueueFixture.packed(lines(101).getBytes(StandardCharsets.UTF_8));
    queue.retries.retry("user1", task, ALL);
    queue.storage.put(TestStorage.INDEX_BUCKET, "changed.txt.gz", other);

    queue.ingestAll();
    queue.retries.proceed();

    assertThat(queue.state(task)).isEqualTo("FAILED");
    assertThat(queue.failures.get(0).code()).isEqualTo("index.changed");
    assertThat(queue.ledger(task).failed()).isEqualTo(10);
    queue.become(task, "COMPLETED");
    refused("retry.index.changed", () -> queue.retries.retry("user1", task, ALL));
  }
}
