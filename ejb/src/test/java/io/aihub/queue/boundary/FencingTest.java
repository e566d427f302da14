package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.PARIS;
import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.shared.BusinessException;
import io.aihub.shared.InvalidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FencingTest extends QueueTest {

  private long task;
  private LeaseGrant grant;

  @BeforeEach
  void lease() {
    task = queue.taskOf(lines(30));
    grant = queue.lease(TOKYO, 10);
  }

  private void refused(String code, ThrowingCallable call) {
    LedgerView before = queue.ledger(task);
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BusinessException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
    assertThat(queue.ledger(task)).isEqualTo(before);
  }

  @Test
  void aSecondSettleIsRefused() {
    List<LineResult> results = queue.uploaded(grant);
    queue.settle(TOKYO, grant, results, 10);

    refused("lease.superseded", () -> queue.settle(TOKYO, grant, results, 10));
  }

  @Test
  void aSecondSettleOfALeaseThatEndedIsRefused() {
    List<LineResult> results = queue.uploaded(grant);
    queue.settle(TOKYO, grant, results, 0);

    refused("lease.superseded", () -> queue.settle(TOKYO, grant, results, 0));
  }

  @Test
  void aSettleAfterExpiryIsRefusedEvenBeforeTheTimerHasSeenIt() {
    List<LineResult> results = queue.uploaded(grant);
    queue.clock.advance(Duration.ofMinutes(2));

    refused("lease.expired", () -> queue.settle(TOKYO, grant, results, 10));
  }

  @Test
  void aSettleAfterTheLinesWentBackIsRefused() {
    List<LineResult> results = queue.uploaded(grant);
    queue.clock.advance(Duration.ofMinutes(2));
    assertThat(queue.expiry.reclaimExpired()).isEqualTo(1);

    refused("lease.expired", () -> queue.settle(TOKYO, grant, results, 10));
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(30);
  }

  @Test
  void aSettleByAnotherMachineIsRefused() {
    List<LineResult> results = queue.uploaded(grant);

    refused("lease.foreign", () -> queue.settle(PARIS, grant, results, 10));
  }

  @Test
  void aSettleOfALeaseThatNeverWasIsRefused() {
    LeaseGrant invented =
        new LeaseGrant(UUID.randomUUID(), 1, task, "", 120, 600, grant.lines(), null);

    refused("lease.unknown", () -> queue.settle(TOKYO, invented, List.of(), 10));
  }

  @Test
  void aSettleOfALeaseThatEndedLongAgoIsRefused() {
    List<LineResult> results = queue.uploaded(grant);
    queue.settle(TOKYO, grant, results, 0);
    queue.clock.advance(Duration.ofMinutes(16));
    queue.expiry.reclaimExpired();

    refused("lease.unknown", () -> queue.settle(TOKYO, grant, results, 10));
  }

  @Test
  void aReportSentAgainGetsTheSameAnswerAndCountsOnce() {
    List<LineResult> results = new ArrayList<>(queue.uploaded(grant));
    results.set(3, QueueFixture.failed(grant.lines().get(3), FailureClass.HTTP_5xx));
    results.set(7, QueueFixture.failed(grant.lines().get(7), FailureClass.HTTP_4xx));
    SettleRequest report = new SettleRequest(1, UUID.randomUUID(), results, 10);
    SettleAnswer first = queue.leases.settle(TOKYO, grant.leaseId(), report);
    LedgerView after = queue.ledger(task);

    SettleAnswer second = queue.leases.settle(TOKYO, grant.leaseId(), report);

    assertThat(first.succeeded()).isEqualTo(8);
    assertThat(first.retrying()).isEqualTo(1);
    assertThat(first.failed()).isEqualTo(1);
    assertThat(first.next().lines()).hasSize(10);
    assertThat(second).isEqualTo(first);
    assertThat(queue.ledger(task)).isEqualTo(after);
  }

  @Test
  void aReportSentAgainGetsNoLinesThatHaveExpiredMeanwhile() {
    SettleRequest report = new SettleRequest(1, UUID.randomUUID(), queue.uploaded(grant), 10);
    queue.leases.settle(TOKYO, grant.leaseId(), report);
    queue.clock.advance(Duration.ofMinutes(2));
    queue.expiry.reclaimExpired();

    SettleAnswer again = queue.leases.settle(TOKYO, grant.leaseId(), report);

    assertThat(again.succeeded()).isEqualTo(10);
    assertThat(again.next()).isNull();
    assertThat(again.retryAfterSeconds()).isEqualTo(5);
  }

  @Test
  void aLastReportSentAgainGetsTheSameAnswer() {
    SettleRequest report = new SettleRequest(1, UUID.randomUUID(), queue.uploaded(grant), 0);
    SettleAnswer first = queue.leases.settle(TOKYO, grant.leaseId(), report);

    assertThat(queue.leases.settle(TOKYO, grant.leaseId(), report)).isEqualTo(first);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
  }

  @Test
  void aReportThatBreaksARuleIsRefusedWithTheFieldThatDoes() {
    List<LineResult> results = queue.uploaded(grant);
    LineResult good = results.get(9);

    refusedAt("report", new SettleRequest(grant.sequence(), null, results, 0));
    refusedAt("results", new SettleRequest(grant.sequence(), UUID.randomUUID(), null, 0));
    refusedAt("nextCapacity", new SettleRequest(1, UUID.randomUUID(), results, 1001));
    refusedAt("results[9]", with(results, null));
    refusedAt(
        "results[9].sha256",
        with(results, LineResult.succeeded(good.line(), good.path(), 1, "A".repeat(64))));
    refusedAt(
        "results[9].size",
        with(results, LineResult.succeeded(good.line(), good.path(), -1, good.sha256())));
    refusedAt(
        "results[9].path",
        with(results, LineResult.succeeded(good.line(), "a".repeat(1025), 1, good.sha256())));
    refusedAt(
        "results[9].retryAfterSeconds",
        with(
            results,
            LineResult.failed(good.line(), FailureClass.HTTP_429, "slow down", null, 86_401)));
    assertThat(queue.ledger(task).leased()).isEqualTo(10);
  }

  private SettleRequest with(List<LineResult> results, LineResult last) {
    List<LineResult> changed = new ArrayList<>(results.subList(0, 9));
    changed.add(last);
    return new SettleRequest(grant.sequence(), UUID.randomUUID(), changed, 0);
  }

  private void refusedAt(String field, SettleRequest report) {
    assertThatThrownBy(() -> queue.leases.settle(TOKYO, grant.leaseId(), report))
        .isInstanceOfSatisfying(
            InvalidException.class, refusal -> assertThat(refusal.field()).isEqualTo(field));
  }

  @Test
  void aReportMustNameEachLeasedLineOnce() {
    List<LineResult> results = queue.uploaded(grant);
    List<LineResult> short9 = results.subList(0, 9);
    List<LineResult> twice = new ArrayList<>(short9);
    twice.add(results.get(0));
    List<LineResult> foreign = new ArrayList<>(short9);
    foreign.add(LineResult.givenBack(11));

    refused("lease.result.missing", () -> queue.settle(TOKYO, grant, short9));
    refused("lease.result.line", () -> queue.settle(TOKYO, grant, twice));
    refused("lease.result.line", () -> queue.settle(TOKYO, grant, foreign));
    assertThatThrownBy(() -> queue.settle(TOKYO, grant, foreign))
        .isInstanceOfSatisfying(
            InvalidException.class,
            refusal -> assertThat(refusal.field()).isEqualTo("results[9].line"));
  }

  @Test
  void renewingPutsExpiryOff() {
    queue.clock.advance(Duration.ofSeconds(100));
    assertThat(queue.leases.renew(TOKYO, grant.leaseId(), new RenewRequest(1, 1)).secondsToLive())
        .isEqualTo(120);
    queue.clock.advance(Duration.ofSeconds(100));

    assertThat(queue.expiry.reclaimExpired()).isZero();
    assertThat(queue.settle(TOKYO, grant, queue.uploaded(grant)).succeeded()).isEqualTo(10);
  }

  @Test
  void onlyTheHolderOfALeaseRenewsItAndOnlyInTime() {
    refused(
        "lease.foreign", () -> queue.leases.renew(PARIS, grant.leaseId(), new RenewRequest(1, 1)));
    refused(
        "lease.superseded",
        () -> queue.leases.renew(TOKYO, grant.leaseId(), new RenewRequest(2, 1)));
    queue.clock.advance(Duration.ofMinutes(2));
    refused(
        "lease.expired", () -> queue.leases.renew(TOKYO, grant.leaseId(), new RenewRequest(1, 1)));
  }

  @Test
  void aWorkerThatGetsNowhereGetsNoMoreTime() {
    int left = 120;
    int minutes = 0;
    while (left == 120) {
      queue.clock.advance(Duration.ofMinutes(1));
      minutes++;
      left = queue.leases.renew(TOKYO, grant.leaseId(), new RenewRequest(1, 0)).secondsToLive();
    }

    assertThat(minutes).isEqualTo(12); // ten for the line, one of grace, and then none
    assertThat(left).isEqualTo(60);
    assertThat(queue.leases.renew(TOKYO, grant.leaseId(), new RenewRequest(1, 1)).secondsToLive())
        .isEqualTo(120);
  }
}
