package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest extends QueueTest {

  private static JsonObject json(String record) {
    return Json.createReader(new StringReader(record)).readObject();
  }

  @Test
  void eachLineHasOneRecordInOrder() {
    long task = queue.taskOf("one\n\ntwo \"quoted\"\nthree\n");
    LeaseGrant grant = queue.lease(TOKYO, 10);
    List<LineResult> results = new ArrayList<>();
    results.add(QueueFixture.failed(grant.lines().get(1), FailureClass.HTTP_4xx));
    results.add(queue.uploaded(grant, grant.lines().get(2)));
    results.add(queue.uploaded(grant, grant.lines().get(0)));
    queue.settle(TOKYO, grant, results);
    queue.segments.closeSettled();

    List<String> manifest = queue.manifest(task);

    assertThat(manifest).hasSize(4);
    assertThat(manifest.get(0))
        .isEqualTo(
            "{\"line\":1,\"outcome\":\"succeeded\",\"key\":\"set-"
                + task
                + "/1.bin\",\"size\":12,\"sha256\":\""
                + results.get(2).sha256()
                + "\",\"attempts\":1,\"machine\":\"tokyo-1\",\"at\":\"2026-03-01T08:00:00Z\"}");
    assertThat(json(manifest.get(1)).getString("outcome")).isEqualTo("skipped");
    assertThat(json(manifest.get(1)).getString("class")).isEqualTo("BLANK");
    assertThat(json(manifest.get(2)).getString("outcome")).isEqualTo("failed");
    assertThat(json(manifest.get(2)).getString("class")).isEqualTo("HTTP_4xx");
    assertThat(json(manifest.get(2)).getString("message")).isEqualTo("it broke");
    assertThat(json(manifest.get(3)).getInt("line")).isEqualTo(4);
  }

  @Test
  void manySegmentsGiveManyPartsAndLeaveNothingInTheDatabase() {
    long task = queue.taskOf(lines(600));
    List<LeaseGrant> grants = new ArrayList<>();
    for (LeaseGrant grant = queue.lease(TOKYO, 100);
        grant != null;
        grant = queue.lease(TOKYO, 100)) {
      grants.add(grant);
    }
    Collections.reverse(grants);
    for (LeaseGrant grant : grants) {
      queue.settle(
          TOKYO,
          grant,
          grant.lines().stream()
              .map(line -> QueueFixture.failed(line, FailureClass.HTTP_4xx))
              .toList());
    }

    queue.segments.closeSettled();
    queue.segments.closeSettled();

    List<Integer> numbers =
        queue.manifest(task).stream().map(record -> json(record).getInt("line")).toList();
    assertThat(numbers).hasSize(600).isSorted().doesNotHaveDuplicates();
    assertThat(rows("manifest_chunk")).isZero();
    assertThat(queue.ledger(task).failed()).isEqualTo(600);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
  }

  @Test
  void aTaskThatIsStillReadOrHasOpenLinesDoesNotComplete() {
    long task = queue.taskOf(lines(20));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    queue.settle(TOKYO, grant, queue.uploaded(grant));
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("IN_PROGRESS");
    LeaseGrant rest = queue.lease(TOKYO, 10);
    queue.settle(TOKYO, rest, queue.uploaded(rest));
    queue.jdbi.useHandle(handle -> handle.execute("update index_ingest set state = 'READING'"));
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("IN_PROGRESS");
  }

  @Test
  void attemptsAddUpOverLossesAndFailures() {
    long task = queue.taskOf(lines(1));
    queue.lease(TOKYO, 1);
    queue.clock.advance(Duration.ofMinutes(2));
    queue.expiry.reclaimExpired();
    LeaseGrant second = queue.lease(TOKYO, 1);
    queue.settle(
        TOKYO, second, List.of(QueueFixture.failed(second.lines().get(0), FailureClass.DNS)));
    queue.clock.advance(Duration.ofMinutes(2));
    LeaseGrant third = queue.lease(TOKYO, 1);
    assertThat(third.lines()).extracting(LeasedLine::attempt).containsExactly(3);
    queue.settle(TOKYO, third, queue.uploaded(third));
    queue.segments.closeSettled();

    assertThat(json(queue.manifest(task).get(0)).getInt("attempts")).isEqualTo(3);
  }

  private long rows(String table) {
    return queue.jdbi.withHandle(
        handle -> handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }
}
