package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.PARIS;
import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.TaskLimits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitTest extends QueueTest {

  @Test
  void aTaskHoldsNoMoreLeasesThanItMayAndTheNextTaskGoesOn() {
    long first = queue.taskOf(lines(100), "abroad", 2);
    long second = queue.taskOf(lines(100), "abroad", 1);
    limit(first, 2, null);

    assertThat(queue.lease(TOKYO, 10).taskId()).isEqualTo(first);
    assertThat(queue.lease(TOKYO, 10).taskId()).isEqualTo(first);
    assertThat(queue.lease(PARIS, 10).taskId()).isEqualTo(second);
  }

  @Test
  void aWorkerKeepsItsPlaceInALimitedTask() {
    long task = queue.taskOf(lines(100));
    limit(task, 1, null);

    LeaseGrant grant = queue.lease(TOKYO, 10);
    assertThat(queue.lease(PARIS, 10)).isNull();
    SettleAnswer answer = queue.settle(TOKYO, grant, queue.uploaded(grant), 10);

    assertThat(answer.next().taskId()).isEqualTo(task);
    assertThat(queue.lease(PARIS, 10)).isNull();
  }

  @Test
  void aLimitThatIsRaisedOrTakenAwayActsOnTheNextLease() {
    long task = queue.taskOf(lines(100));
    limit(task, 1, null);
    queue.lease(TOKYO, 10);
    assertThat(queue.lease(TOKYO, 10)).isNull();

    limit(task, 2, null);
    assertThat(queue.lease(TOKYO, 10)).isNotNull();
    assertThat(queue.lease(TOKYO, 10)).isNull();

    limit(task, null, null);
    assertThat(queue.lease(TOKYO, 10)).isNotNull();
  }

  @Test
  void linesPerSecondAreHandedOutAsTimeGoesByAndNeverInABurst() {
    long task = queue.taskOf(lines(100));
    limit(task, null, 7);
    assertThat(queue.lease(TOKYO, 10)).isNull();

    queue.clock.advance(Duration.ofSeconds(60)); // an idle minute isn't made up for
    assertThat(queue.lease(TOKYO, 10).lines()).hasSize(7);
    LeaseOffer offer = queue.leases.lease(TOKYO, new LeaseRequest(10, "w1"));
    assertThat(offer.grant()).isNull();
    assertThat(offer.retryAfterSeconds()).isEqualTo(1);

    queue.clock.advance(Duration.ofMillis(500));
    assertThat(queue.lease(TOKYO, 10).lines()).hasSize(3);
    assertThat(queue.ledger(task).leased()).isEqualTo(10);
  }

  @Test
  void onlySoManyMachinesOfATagWorkAtATime() {
    queue.taskOf(lines(100));
    queue.limits.set("abroad", Optional.of(1));

    LeaseGrant grant = queue.lease(TOKYO, 10);
    assertThat(queue.lease(TOKYO, 10)).isNotNull(); // another worker of the same machine
    assertThat(queue.lease(PARIS, 10)).isNull();
    assertThat(queue.settle(TOKYO, grant, queue.uploaded(grant), 10).next()).isNotNull();

    queue.limits.set("abroad", Optional.empty());
    assertThat(queue.lease(PARIS, 10)).isNotNull();
  }

  private void limit(long task, Integer maxLeases, Integer linesPerSecond) {
    queue.limits.set(task, new TaskLimits(maxLeases, linesPerSecond), queue.clock.instant());
  }
}
