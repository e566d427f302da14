package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseServiceTest {

  private static TestDatabase database;
  private QueueFixture queue;

  @BeforeAll
  static void migrate() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void build() {
    queue = new QueueFixture(database);
  }

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void aTaskIsWorkedOffAndCompletes() {
    long task = queue.taskOf(lines(25));
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(25);

    LeaseGrant grant = queue.lease(TOKYO, 10);
    int settled = 0;
    while (grant != null) {
      assertThat(queue.ledger(task).leased()).isEqualTo(grant.lines().size());
      SettleAnswer answer = queue.settle(TOKYO, grant, queue.uploaded(grant), 10);
      settled += answer.succeeded();
      assertThat(queue.ledger(task).succeeded()).isEqualTo(settled);
      grant = answer.next();
    }

    queue.segments.closeSettled();
    assertThat(queue.ledger(task).succeeded()).isEqualTo(25);
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
  }
}
