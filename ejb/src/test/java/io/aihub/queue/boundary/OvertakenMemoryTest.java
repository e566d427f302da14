package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.done;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.control.QueueSettings;
import io.aihub.shared.ConflictException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server remembers when the database has gone on without it. */
class OvertakenMemoryTest extends QueueTest {

  private QueueServer other;

  @Override
  QueueSettings settings() {
    return QueueFixture.TRUSTING;
  }

  @BeforeEach
  void start() {
    other = queue.start(QueueFixture.TRUSTING);
  }

  @AfterEach
  void stop() {
    other.close();
  }

  @Test
  void aReportIsRefusedWhereAnotherServerHasCountedOne() {
    long task = queue.taskOf(lines(100));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    other.leases.settle(TOKYO, grant.leaseId(), report(grant, UUID.randomUUID()));

    assertThatThrownBy(
            () -> queue.leases.settle(TOKYO, grant.leaseId(), report(grant, UUID.randomUUID())))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("settled by another report");

    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
    assertThat(queue.ledger(task).leased()).isEqualTo(10); // the other server's next ones
  }

  @Test
  void aReportThatAnotherServerHasCountedGetsItsAnswerAgain() {
    long task = queue.taskOf(lines(100));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    SettleRequest report = report(grant, UUID.randomUUID());
    SettleAnswer first = other.leases.settle(TOKYO, grant.leaseId(), report);

    SettleAnswer again = queue.leases.settle(TOKYO, grant.leaseId(), report);

    assertThat(again.next().lines()).isEqualTo(first.next().lines());
    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
    assertThat(queue.ledger(task).leased()).isEqualTo(10);
  }

  @Test
  void whoJoinsATransactionGetsNothingOfATaskThatWasStoppedAfterItHadBegun() throws Exception {
    long task = queue.taskOf(lines(100));
    LeaseGrant grant = queue.lease(TOKYO, 10);

    List<Future<LeaseGrant>> next =
        queue.meanwhile(
            () -> queue.settle(TOKYO, grant, done(grant), 10).next(),
            List.of(
                () -> {
                  queue.become(task, "PAUSED");
                  return queue.lease(TOKYO, 10);
                }));

    assertThat(next.get(1).get()).isNull();
    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
  }

  private static SettleRequest report(LeaseGrant grant, UUID id) {
    return new SettleRequest(grant.sequence(), id, done(grant), 10);
  }
}
