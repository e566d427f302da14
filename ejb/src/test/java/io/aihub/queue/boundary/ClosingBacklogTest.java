package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.control.ClosingBacklog;
import io.aihub.queue.control.QueueSettings;
import org.junit.jupiter.api.Test;

/** Lines that are settled faster than their segments are closed. */
class ClosingBacklogTest extends QueueTest {

  private static final int LINES = 600_000;

  @Override
  QueueSettings settings() {
    return QueueFixture.TRUSTING;
  }

  @Test
  void whoSettlesFasterThanSegmentsAreClosedHasToCloseSome() {
    queue.taskOf("u\n".repeat(LINES));

    LeaseGrant grant = queue.lease(TOKYO, 1000);
    while (grant != null) {
      grant = queue.settle(TOKYO, grant, done(grant), 1000).next();
    }

    assertThat(segments("SETTLED")).isEqualTo(ClosingBacklog.LIMIT);
    assertThat(segments("CLOSED")).isPositive();
    assertThat(segments("OPEN") + segments("HANDED_OUT")).isZero();
  }

  private long segments(String state) {
    return queue.jdbi.withHandle(
        handle ->
            handle
                .createQuery("select count(*) from segment where state = :state")
                .bind("state", state)
                .mapTo(Long.class)
                .one());
  }
}
