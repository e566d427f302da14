package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.boundary.LeaseService;
import io.aihub.queue.boundary.LedgerService;
import io.aihub.shared.BusinessException;
import io.aihub.storage.control.ObjectStore;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.api.TransitionView;
import io.aihub.task.boundary.TaskService;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The queue's promises, kept by the real EJBs on real JTA, PostgreSQL and storage: runs inside the
 * built EAR on Payara Server.
 */
@ExtendWith(ArquillianExtension.class)
class QueueInContainerIT {

  @Inject private QueueScenario scenario;
  @Inject private TaskService tasks;
  @Inject private LeaseService leases;
  @Inject private LedgerService ledgers;
  @Inject private ObjectStore storage;
  @Inject private MovableClock clock;
  @Resource private UserTransaction transaction;

  @Deployment
  static EnterpriseArchive server() {
    return BuiltEar.withTests(
        new Class<?>[] {QueueInContainerIT.class, QueueScenario.class},
        Assertions.class,
        Awaitility.class,
        Matcher.class);
  }

  @AfterEach
  void putTheClockBack() {
    clock.setAhead(Duration.ZERO);
  }

  @Test
  void aTaskGoesFromItsFormToCompletedWithEveryLineAccountedFor() throws IOException {
    TaskView created =
        scenario.created(
            "a/1.txt", "a/2.txt", "", "gone/3.txt", "a/4.txt", "a/5.txt", "a/6.txt", "a/7.txt");
    assertThat(created.state()).isEqualTo(TaskState.CREATED);
    assertThat(scenario.leaseNow(scenario.machine(), 3)).as("before the approval").isNull();
    tasks.approve(scenario.receiver(), created.id(), "可以");

    LeaseGrant lease = scenario.lease(3);
    while (lease != null) {
      assertThat(lease.taskId()).isEqualTo(created.id());
      lease = scenario.settle(lease, SettleRequestOf.theOutcomes(scenario, lease)).next();
    }

    await("the task to be completed")
        .atMost(Duration.ofSeconds(60))
        .until(() -> tasks.get(created.id()).state() == TaskState.COMPLETED);
    LedgerView ledger = ledgers.ledger(created.id());
    assertThat(ledger.balances()).isTrue();
    assertThat(ledger)
        .extracting(
            LedgerView::lines, LedgerView::succeeded, LedgerView::failed, LedgerView::skipped)
        .containsExactly(8L, 6L, 1L, 1L);
    assertThat(ledger.bytes()).isEqualTo(6L * QueueScenario.content("a/1.txt").length);
    assertThat(ledgers.failuresByClass(created.id())).isEqualTo(Map.of(FailureClass.HTTP_4xx, 1L));
    assertThat(ledgers.failures(created.id(), null, true, 0, 10).items())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.line()).isEqualTo(4);
              assertThat(failure.text()).isEqualTo("gone/3.txt");
              assertThat(failure.message()).isEqualTo("404 Not Found");
            });
    assertThat(tasks.transitions(created.id(), Locale.ENGLISH))
        .extracting(TransitionView::to)
        .containsExactly(TaskState.CREATED, TaskState.IN_PROGRESS, TaskState.COMPLETED);
    try (var stored =
        storage.open(storage.targetBucket(), scenario.targetPath() + "/a/7.txt", 0, null)) {
      assertThat(stored.readAllBytes()).isEqualTo(QueueScenario.content("a/7.txt"));
    }
    assertThat(manifest()).hasSize(8).allSatisfy(line -> assertThat(line).startsWith("{"));
  }

  /** What the workers of the first test report: a line that begins with "gone" is a 404. */
  private static final class SettleRequestOf {
    static SettleRequest theOutcomes(QueueScenario scenario, LeaseGrant lease) {
      List<LineResult> results =
          lease.lines().stream()
              .map(
                  line ->
                      line.text().startsWith("gone")
                          ? notFound(line)
                          : scenario.download(lease, line))
              .toList();
      return QueueScenario.report(lease, results, 3);
    }
  }

  private static LineResult notFound(LeasedLine line) {
    return LineResult.failed(line.line(), FailureClass.HTTP_4xx, "404 Not Found", null, null);
  }

  private List<String> manifest() throws IOException {
    String key = scenario.targetPath() + "/_manifest/part-00001.jsonl.gz";
    try (var part = storage.open(storage.targetBucket(), key, 0, null);
        var reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(part), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  @Test
  void nobodyApprovesATaskOfTheirOwnAndOnlyItsReceiverDoes() {
    TaskView task = scenario.created("a");

    assertRefused("task.approval.self", () -> tasks.approve(scenario.submitter(), task.id(), null));
    assertRefused("task.approval.receiver", () -> tasks.approve("admin", task.id(), null));

    assertThat(tasks.get(task.id()).state()).isEqualTo(TaskState.CREATED);
    assertThat(tasks.transitions(task.id(), Locale.ENGLISH)).hasSize(1);
  }

  @Test
  void aRefusalUndoesTheWholeTransactionItHappensIn() throws Exception {
    TaskView task = scenario.created("a");

    transaction.begin();
    try {
      tasks.approve(scenario.receiver(), task.id(), "ok");
      assertThat(tasks.get(task.id()).state()).isEqualTo(TaskState.IN_PROGRESS);
      assertRefused(
          "task.transition.refused", () -> tasks.approve(scenario.receiver(), task.id(), "again"));
      assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_MARKED_ROLLBACK);
    } finally {
      transaction.rollback();
    }

    assertThat(tasks.get(task.id()).state()).isEqualTo(TaskState.CREATED);
    assertThat(tasks.transitions(task.id(), Locale.ENGLISH)).hasSize(1);
  }

  @Test
  void aSecondReportOnALeaseIsRefusedAndCountsNothing() {
    TaskView task = scenario.approved("a", "b", "c");
    LeaseGrant lease = scenario.lease(2);
    List<LineResult> results = scenario.download(lease);
    scenario.settle(lease, QueueScenario.report(lease, results, 0));
    LedgerView before = ledgers.ledger(task.id());

    assertRefused(
        "lease.superseded", () -> scenario.settle(lease, QueueScenario.report(lease, results, 0)));

    assertThat(before.succeeded()).isEqualTo(2);
    assertThat(ledgers.ledger(task.id())).isEqualTo(before);
  }

  @Test
  void aReportThatIsSentAgainGetsTheSameAnswerAndCountsOnce() {
    TaskView task = scenario.approved("a", "b", "c");
    LeaseGrant lease = scenario.lease(2);
    SettleRequest report = QueueScenario.report(lease, scenario.download(lease), 2);

    SettleAnswer first = scenario.settle(lease, report);
    LedgerView before = ledgers.ledger(task.id());
    SettleAnswer repeated = scenario.settle(lease, report);

    assertThat(first.succeeded()).isEqualTo(2);
    assertThat(first.next().lines()).extracting(LeasedLine::text).containsExactly("c");
    assertThat(repeated)
        .usingRecursiveComparison()
        .ignoringFields("next.secondsToLive")
        .isEqualTo(first);
    assertThat(ledgers.ledger(task.id())).isEqualTo(before);
  }

  @Test
  void aReportOnAnExpiredLeaseIsRefusedAndItsLinesAreHandedOutAgain() {
    TaskView task = scenario.approved("a", "b");
    LeaseGrant lease = scenario.lease(2);
    List<LineResult> results = scenario.download(lease);

    clock.setAhead(Duration.ofSeconds(lease.secondsToLive() + 1L));

    assertRefused(
        "lease.expired", () -> scenario.settle(lease, QueueScenario.report(lease, results, 0)));
    assertRefused(
        "lease.expired",
        () ->
            leases.renew(
                scenario.machine(), lease.leaseId(), new RenewRequest(lease.sequence(), 1)));
    assertThat(ledgers.ledger(task.id()).succeeded()).isZero();
    LeaseGrant again = scenario.lease(2);
    assertThat(again.lines()).extracting(LeasedLine::text).contains("a");
    assertThat(again.leaseId()).isNotEqualTo(lease.leaseId());
    assertThat(ledgers.ledger(task.id()).balances()).isTrue();
  }

  @Test
  void aReportByAnotherMachineIsRefusedAndTheHolderCanStillReport() {
    TaskView task = scenario.approved("a");
    LeaseGrant lease = scenario.lease(1);
    SettleRequest report = QueueScenario.report(lease, scenario.download(lease), 0);
    MachineIdentity stranger = scenario.newMachine("stranger-" + task.id());

    assertRefused("lease.foreign", () -> leases.settle(stranger, lease.leaseId(), report));

    assertThat(ledgers.ledger(task.id()).succeeded()).isZero();
    assertThat(scenario.settle(lease, report).succeeded()).isEqualTo(1);
  }

  @Test
  void aFileThatNeverReachedStorageIsNotCountedAsSucceeded() {
    TaskView task = scenario.approved("a", "b");
    LeaseGrant lease = scenario.lease(2);
    LeasedLine second = lease.lines().get(1);
    byte[] content = QueueScenario.content(second.text());

    SettleAnswer answer =
        scenario.settle(
            lease,
            QueueScenario.report(
                lease,
                List.of(
                    scenario.download(lease, lease.lines().get(0)),
                    LineResult.succeeded(
                        second.line(), "b", content.length, QueueScenario.sha256(content))),
                0));

    assertThat(answer)
        .extracting(SettleAnswer::succeeded, SettleAnswer::retrying)
        .containsExactly(1, 1);
    assertThat(ledgers.failures(task.id(), FailureClass.UPLOAD, false, 0, 10).items()).hasSize(1);
  }

  @Test
  void aPausedTaskHandsOutNothingUntilItIsResumedAndACancelledOneNeverAgain() {
    TaskView task = scenario.approved("a", "b", "c");
    LeaseGrant held = scenario.lease(1);

    tasks.pause(scenario.submitter(), task.id(), null);
    assertThat(scenario.leaseNow(scenario.machine(), 10)).isNull();
    SettleAnswer answer =
        scenario.settle(held, QueueScenario.report(held, scenario.download(held), 10));
    assertThat(answer.succeeded()).as("work in hand is counted").isEqualTo(1);
    assertThat(answer.next()).isNull();
    assertThat(answer.retryAfterSeconds()).isPositive();

    tasks.resume(scenario.submitter(), task.id(), null);
    LeaseGrant afterwards = scenario.lease(1);
    tasks.cancel(scenario.submitter(), task.id(), null);
    assertThat(scenario.leaseNow(scenario.machine(), 10)).isNull();
    assertThat(
            leases
                .renew(
                    scenario.machine(),
                    afterwards.leaseId(),
                    new RenewRequest(afterwards.sequence(), 1))
                .stop())
        .isTrue();
    assertThat(ledgers.ledger(task.id()).balances()).isTrue();
  }

  @Test
  void anUrgentTaskIsWorkedOffFirst() {
    TaskView ordinary = scenario.approved("a1", "a2");
    assertThat(scenario.lease(1).taskId()).isEqualTo(ordinary.id());
    TaskView urgent = scenario.created(Priority.HIGH, "b1");
    tasks.approve(scenario.receiver(), urgent.id(), null);
    await("the urgent index to be read")
        .atMost(Duration.ofSeconds(60))
        .until(() -> ledgers.ledger(urgent.id()).indexRead());

    assertThat(scenario.lease(10).taskId()).isEqualTo(urgent.id());
    assertThat(scenario.lease(10).taskId()).isEqualTo(ordinary.id());
  }

  private static void assertRefused(String code, ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            BusinessException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }
}
