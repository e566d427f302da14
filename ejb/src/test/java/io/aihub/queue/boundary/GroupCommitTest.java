package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.SettleAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GroupCommitTest extends QueueTest {

  private static final int WORKERS = 12;

  @Test
  void ordersThatComeWhileATransactionTakesItsLocksJoinIt() throws Exception {
    long task = queue.taskOf(lines(2 * WORKERS * 10));
    List<Callable<SettleAnswer>> reports = reports(WORKERS);
    int before = queue.transactions();

    List<Future<SettleAnswer>> answers =
        queue.meanwhile(reports.get(0), reports.subList(1, WORKERS));

    for (Future<SettleAnswer> answer : answers) {
      assertThat(answer.get().next().lines()).hasSize(10);
    }
    assertThat(queue.transactions() - before).isEqualTo(1);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(WORKERS * 10);
    assertThat(queue.ledger(task).leased()).isEqualTo(WORKERS * 10);
  }

  @Test
  void anOrderThatTheDatabaseRefusesSpoilsNoOther() throws Exception {
    long task = queue.taskOf(lines(100));
    List<LeaseGrant> grants = new ArrayList<>();
    List<Callable<SettleAnswer>> reports = reports(4, grants);
    queue.refuse(grants.get(2));

    List<Future<SettleAnswer>> answers = queue.meanwhile(reports.get(0), reports.subList(1, 4));

    for (int sound : new int[] {0, 1, 3}) {
      assertThat(answers.get(sound).get().succeeded()).isEqualTo(10);
    }
    assertThatThrownBy(() -> answers.get(2).get()).isInstanceOf(ExecutionException.class);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(30);
    assertThat(queue.ledger(task).leased()).isEqualTo(40); // three new ones, and the refused one
  }

  @Test
  void twoReportsOnOneLeaseAtOnceAreCountedOnce() throws Exception {
    long task = queue.taskOf(lines(40));
    LeaseGrant other = queue.lease(TOKYO, 10);
    LeaseGrant grant = queue.lease(TOKYO, 10);
    List<LineResult> results = queue.uploaded(grant);
    Callable<SettleAnswer> report = () -> queue.settle(TOKYO, grant, results, 10);
    List<LineResult> otherResults = queue.uploaded(other);

    List<Future<SettleAnswer>> answers =
        queue.meanwhile(() -> queue.settle(TOKYO, other, otherResults, 0), List.of(report, report));

    int counted = 0;
    for (Future<SettleAnswer> answer : answers.subList(1, 3)) {
      try {
        counted += answer.get().succeeded();
      } catch (ExecutionException superseded) {
        assertThat(superseded).hasMessageContaining("settled by another report");
      }
    }
    assertThat(counted).isEqualTo(10);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(20);
  }

  private List<Callable<SettleAnswer>> reports(int workers) {
    return reports(workers, new ArrayList<>());
  }

  /** A report for each of so many workers' leases, whose files are in storage. */
  private List<Callable<SettleAnswer>> reports(int workers, List<LeaseGrant> grants) {
    List<Callable<SettleAnswer>> reports = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      LeaseGrant grant = queue.lease(TOKYO, 10);
      grants.add(grant);
      List<LineResult> results = queue.uploaded(grant);
      reports.add(() -> queue.settle(TOKYO, grant, results, 10));
    }
    return reports;
  }
}
