package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.PARIS;
import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At the end of a task idle workers take lines over from slow ones. */
class DividedLeaseTest extends QueueTest {

  private long task;
  private LeaseGrant slow;

  private void aSlowWorkerHoldsTheLastTenLines() {
    task = queue.taskOf(lines(10));
    slow = queue.lease(TOKYO, 10);
    queue.clock.advance(Duration.ofSeconds(30));
    queue.leases.renew(TOKYO, slow.leaseId(), new RenewRequest(slow.sequence(), 1));
  }

  @Test
  void anIdleWorkerGetsTheLaterHalfOfWhatIsNotBegun() {
    aSlowWorkerHoldsTheLastTenLines();

    LeaseGrant taken = queue.lease(PARIS, 10);

    assertThat(taken.lines()).extracting(LeasedLine::line).containsExactly(7L, 8L, 9L, 10L);
    assertThat(queue.ledger(task).leased()).isEqualTo(10);
    assertThat(
            queue
                .leases
                .renew(TOKYO, slow.leaseId(), new RenewRequest(slow.sequence(), 2))
                .withdrawn())
        .containsExactly(7L, 8L, 9L, 10L);
  }

  @Test
  void eachLineCountsOnceEvenIfBothHaveFetchedIt() {
    aSlowWorkerHoldsTheLastTenLines();
    LeaseGrant taken = queue.lease(PARIS, 10);

    SettleAnswer all = queue.settle(TOKYO, slow, queue.uploaded(slow), 10); // knows of nothing
    assertThat(all.succeeded()).isEqualTo(6);
    assertThat(queue.settle(PARIS, taken, queue.uploaded(taken)).succeeded()).isEqualTo(4);

    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.manifest(task)).hasSize(10);
  }

  @Test
  void aReportMayLeaveTheWithdrawnLinesOut() {
    aSlowWorkerHoldsTheLastTenLines();
    queue.lease(PARIS, 10);
    List<LineResult> kept =
        slow.lines().stream()
            .filter(line -> line.line() <= 6)
            .map(line -> queue.uploaded(slow, line))
            .toList();

    assertThat(queue.settle(TOKYO, slow, kept).succeeded()).isEqualTo(6);
    assertThat(queue.ledger(task).leased()).isEqualTo(4);
  }

  @Test
  void aFileOfAWithdrawnLineIsRefusedAloneAndTheOthersAreGranted() {
    aSlowWorkerHoldsTheLastTenLines();
    queue.lease(PARIS, 10);

    List<UploadGrant> grants =
        queue
            .uploads
            .grant(
                TOKYO,
                slow.leaseId(),
                new UploadRequest(slow.sequence(), List.of(file(6), file(7))))
            .grants();

    assertThat(grants)
        .extracting(UploadGrant::decision)
        .containsExactly(UploadGrant.Decision.PUT, UploadGrant.Decision.REFUSED);
  }

  @Test
  void aLeaseIsLeftAloneAtFirstAndWhereOtherLinesAreToBeHad() {
    task = queue.taskOf(lines(20));
    slow = queue.lease(TOKYO, 10);
    queue.clock.advance(Duration.ofSeconds(60));

    LeaseGrant others = queue.lease(PARIS, 10);
    assertThat(others.lines()).extracting(LeasedLine::line).contains(11L, 20L);

    LeaseGrant divided = queue.lease(PARIS, 10);
    assertThat(divided.lines()).hasSize(5); // of the first lease; the second is new
    assertThat(queue.lease(PARIS, 10).lines()).hasSize(2);
  }

  private static UploadRequest.File file(long line) {
    return new UploadRequest.File(line, line + ".bin", 1, "0".repeat(64), false);
  }
}
