package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.OTHER_TAG;
import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.control.IndexLine;
import io.aihub.queue.entity.SegmentId;
import io.aihub.script.api.ScriptOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseServiceTest extends QueueTest {

  @Test
  void aTaskIsWorkedOffAndCompletes() {
    long task = queue.taskOf(lines(25));
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(25);

    LeaseGrant grant = queue.lease(TOKYO, 10);
    assertThat(grant.sequence()).isEqualTo(1);
    assertThat(grant.scriptSha256()).isEqualTo(QueueFixture.SCRIPT);
    assertThat(grant.lines().get(0)).isEqualTo(new LeasedLine(1, 1, "https://origin/1"));
    int settled = 0;
    while (grant != null) {
      assertThat(queue.ledger(task).leased()).isEqualTo(grant.lines().size());
      SettleAnswer answer = queue.settle(TOKYO, grant, queue.uploaded(grant), 10);
      settled += answer.succeeded();
      assertThat(queue.ledger(task).succeeded()).isEqualTo(settled);
      if (answer.next() != null) {
        assertThat(answer.next().leaseId()).isEqualTo(grant.leaseId());
        assertThat(answer.next().sequence()).isEqualTo(grant.sequence() + 1);
      }
      grant = answer.next();
    }

    queue.segments.closeSettled();
    assertThat(queue.ledger(task).succeeded()).isEqualTo(25);
    assertThat(queue.ledger(task).bytes()).isEqualTo(9 * 12 + 16 * 13);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
  }

  @Test
  void anEmptyQueueSaysWhenToAskAgain() {
    LeaseOffer offer = queue.leases.lease(TOKYO, new LeaseRequest(null, "w1"));

    assertThat(offer.grant()).isNull();
    assertThat(offer.retryAfterSeconds()).isEqualTo(5);
  }

  @Test
  void aTaskIsNotTakenForEmptyWhereNoSegmentThatWasLookedAtHasAUsableLine() {
    String tooLong = "x".repeat(IndexLine.MAX_BYTES + 10) + "\n"; // a segment of its own
    long task = queue.taskOf(tooLong.repeat(6) + lines(1));
    queue.clock.advance(Duration.ofMinutes(1));
    queue.taskOf(lines(1));
    for (int segment = 1; segment <= 4; segment++) {
      queue.texts.load(new SegmentId(task, segment));
    }

    assertThat(queue.lease(TOKYO, 10).taskId()).isEqualTo(task);
    assertThat(queue.ledger(task).failed()).isEqualTo(6);
  }

  @Test
  void aWorkerThatHasGoneThroughManyBlankSegmentsAsksAgainAtOnce() {
    queue.taskOf("https://origin/1\n" + "\n".repeat(300_000) + "https://origin/2\n");
    LeaseGrant first = queue.lease(TOKYO, 1);

    SettleAnswer answer = queue.settle(TOKYO, first, queue.uploaded(first), 1);
    assertThat(answer.next()).isNull();
    assertThat(answer.retryAfterSeconds()).isEqualTo(1);

    LeaseOffer offer = queue.leases.lease(TOKYO, new LeaseRequest(1, "w1"));
    assertThat(offer.grant()).isNull();
    assertThat(offer.retryAfterSeconds()).isEqualTo(1);

    int asked = 0;
    while (offer.grant() == null && asked++ < 10) {
      offer = queue.leases.lease(TOKYO, new LeaseRequest(1, "w1"));
    }
    assertThat(offer.grant().lines())
        .containsExactly(new LeasedLine(300_002, 1, "https://origin/2"));
  }

  @Test
  void tenLinesAreTheDefault() {
    queue.taskOf(lines(25));

    assertThat(queue.leases.lease(TOKYO, new LeaseRequest(null, "w1")).grant().lines()).hasSize(10);
  }

  @Test
  void tasksGoByPriorityAndThenByTimeOfApproval() {
    long first = queue.taskOf(lines(1), "abroad", 0);
    queue.clock.advance(Duration.ofMinutes(1));
    long second = queue.taskOf(lines(1), "abroad", 0);
    queue.clock.advance(Duration.ofMinutes(1));
    long urgent = queue.taskOf(lines(1), "abroad", 2);

    List<Long> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      order.add(queue.lease(TOKYO, 10).taskId());
    }

    assertThat(order).containsExactly(urgent, first, second);
    assertThat(queue.lease(TOKYO, 10)).isNull();
  }

  @Test
  void aLeaseCarriesHowItsTaskWantsItsScriptRunAndNothingWhereThatIsUsual() {
    queue.taskOf(lines(10));
    LeaseGrant usual = queue.lease(TOKYO, 10);
    long task = queue.taskOf(lines(20));
    queue.jdbi.useHandle(
        handle ->
            handle.execute(
                "update download_task set allowed_hosts = ?, java_wire = false where id = ?",
                "*.example.org example.com",
                task));
    ScriptOptions options = new ScriptOptions(List.of("*.example.org", "example.com"), false);

    LeaseGrant grant = queue.lease(TOKYO, 10);
    SettleAnswer answer = queue.settle(TOKYO, grant, queue.uploaded(grant), 10);

    assertThat(usual.options()).isNull();
    assertThat(grant.options()).isEqualTo(options);
    assertThat(answer.next().options()).isEqualTo(options);
  }

  @Test
  void tagsNeverWaitForEachOther() {
    queue.taskOf(lines(100), "abroad", 2);
    long other = queue.taskOf(lines(1), "elsewhere", 0);

    assertThat(queue.lease(OTHER_TAG, 10).taskId()).isEqualTo(other);
  }

  @Test
  void aTaskWhoseLinesAreAllHandedOutHoldsNobodyUp() {
    queue.taskOf(lines(3), "abroad", 2);
    long next = queue.taskOf(lines(3), "abroad", 0);
    LeaseGrant urgent = queue.lease(TOKYO, 10);

    SettleAnswer answer =
        queue.settle(
            TOKYO,
            urgent,
            urgent.lines().stream()
                .map(line -> QueueFixture.failed(line, FailureClass.TIMEOUT))
                .toList(),
            10);

    assertThat(answer.retrying()).isEqualTo(3);
    assertThat(answer.next().taskId()).isEqualTo(next);
  }

  @Test
  void aPausedTaskHandsNothingOutButCountsWhatIsInWork() {
    long task = queue.taskOf(lines(30));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    queue.become(task, "PAUSED");

    SettleAnswer answer = queue.settle(TOKYO, grant, queue.uploaded(grant), 10);

    assertThat(answer.succeeded()).isEqualTo(10);
    assertThat(answer.next()).isNull();
    assertThat(answer.retryAfterSeconds()).isEqualTo(5);
    assertThat(queue.lease(TOKYO, 10)).isNull();
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(20);

    queue.become(task, "IN_PROGRESS");
    assertThat(queue.lease(TOKYO, 10).lines().get(0).line()).isEqualTo(11);
  }

  @Test
  void linesGivenBackCostNoAttemptAndGoOutAgain() {
    long task = queue.taskOf(lines(10));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    List<LineResult> results = new ArrayList<>();
    for (LeasedLine line : grant.lines()) {
      results.add(
          line.line() == 5 ? queue.uploaded(grant, line) : LineResult.givenBack(line.line()));
    }

    SettleAnswer answer = queue.settle(TOKYO, grant, results);

    assertThat(answer.givenBack()).isEqualTo(9);
    assertThat(answer.retryAfterSeconds()).isNull();
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(9);
    LeaseGrant before = queue.lease(TOKYO, 3);
    assertThat(before.lines()).extracting(LeasedLine::line).containsExactly(1L, 2L, 3L);
    assertThat(before.lines()).extracting(LeasedLine::attempt).containsOnly(1);
    LeaseGrant rest = queue.lease(TOKYO, 10);
    assertThat(rest.lines()).extracting(LeasedLine::line).containsExactly(4L);
    LeaseGrant after = queue.lease(TOKYO, 10);
    assertThat(after.lines()).extracting(LeasedLine::line).containsExactly(6L, 7L, 8L, 9L, 10L);
    assertThat(queue.ledger(task).leased()).isEqualTo(9);
  }

  @Test
  void theLinesOfACancelledTaskStayWhereTheyAre() {
    long task = queue.taskOf(lines(20));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    queue.become(task, "CANCELLED");

    assertThat(queue.leases.renew(TOKYO, grant.leaseId(), new RenewRequest(1, 3)).stop()).isTrue();
    SettleAnswer answer =
        queue.settle(
            TOKYO,
            grant,
            grant.lines().stream().map(line -> LineResult.givenBack(line.line())).toList(),
            10);

    assertThat(answer.next()).isNull();
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(20);
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("CANCELLED");
  }
}
