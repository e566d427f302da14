package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.SettleAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryTest extends QueueTest {

  private static final Duration ANY_BACKOFF = Duration.ofMinutes(2);

  private SettleAnswer fail(LeaseGrant grant, FailureClass failureClass) {
    return queue.settle(
        TOKYO,
        grant,
        grant.lines().stream().map(line -> QueueFixture.failed(line, failureClass)).toList());
  }

  @Test
  void aLineIsTriedThreeTimesAndThenStandsInTheFailureLog() {
    long task = queue.taskOf(lines(1));
    for (int attempt = 1; attempt <= 3; attempt++) {
      LeaseGrant grant = queue.lease(TOKYO, 10);
      assertThat(grant.lines()).containsExactly(new LeasedLine(1, attempt, "https://origin/1"));
      SettleAnswer answer = fail(grant, FailureClass.HTTP_5xx);
      assertThat(answer.retrying()).isEqualTo(attempt < 3 ? 1 : 0);
      assertThat(queue.ledger(task).waiting()).isEqualTo(attempt < 3 ? 1 : 0);
      FailureView view = queue.ledger.failures(task, null, false, 0, 10).items().get(0);
      assertThat(view.attempts()).isEqualTo(attempt);
      assertThat(view.isFinal()).isEqualTo(attempt == 3);
      queue.clock.advance(ANY_BACKOFF);
    }

    assertThat(queue.lease(TOKYO, 10)).isNull();
    assertThat(queue.ledger(task).failed()).isEqualTo(1);
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.HTTP_5xx, 1L));
    FailureView view = queue.ledger.failures(task, null, true, 0, 10).items().get(0);
    assertThat(view.text()).isEqualTo("https://origin/1");
    assertThat(view.message()).isEqualTo("it broke");
    assertThat(view.output()).isEqualTo("last words");
    assertThat(view.machine()).isEqualTo("tokyo-1");
    assertThat(view.nextAttemptAt()).isNull();
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
  }

  @Test
  void aLineThatSucceedsInTheEndLeavesTheFailureLog() {
    long task = queue.taskOf(lines(1));
    fail(queue.lease(TOKYO, 10), FailureClass.CONNECT);
    queue.clock.advance(ANY_BACKOFF);

    LeaseGrant again = queue.lease(TOKYO, 10);
    queue.settle(TOKYO, again, queue.uploaded(again));

    assertThat(queue.ledger(task).succeeded()).isEqualTo(1);
    assertThat(queue.ledger.failures(task, null, false, 0, 10).total()).isZero();
    queue.segments.closeSettled();
    assertThat(queue.manifest(task).get(0)).contains("\"attempts\":2");
  }

  @Test
  void whatCannotPassIsFinalAtOnce() {
    long task = queue.taskOf(lines(3));
    LeaseGrant grant = queue.lease(TOKYO, 10);

    SettleAnswer answer =
        queue.settle(
            TOKYO,
            grant,
            List.of(
                QueueFixture.failed(grant.lines().get(0), FailureClass.HTTP_4xx),
                QueueFixture.failed(grant.lines().get(1), FailureClass.OUTPUT),
                QueueFixture.failed(grant.lines().get(2), FailureClass.CLASH)));

    assertThat(answer.failed()).isEqualTo(3);
    assertThat(queue.ledger(task).failed()).isEqualTo(3);
  }

  @Test
  void theOriginsRetryAfterIsTheLeastWait() {
    queue.taskOf(lines(1));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    queue.settle(
        TOKYO, grant, List.of(LineResult.failed(1, FailureClass.HTTP_429, "slow down", null, 900)));

    queue.clock.advance(Duration.ofSeconds(899));
    assertThat(queue.lease(TOKYO, 10)).isNull();
    queue.clock.advance(Duration.ofSeconds(11));
    assertThat(queue.lease(TOKYO, 10)).isNotNull();
  }

  @Test
  void dueRetriesGoBeforeFreshLinesOfTheSameTask() {
    queue.taskOf(lines(30));
    fail(queue.lease(TOKYO, 10), FailureClass.TIMEOUT);
    queue.clock.advance(ANY_BACKOFF);

    assertThat(queue.lease(TOKYO, 10).lines()).extracting(LeasedLine::attempt).containsOnly(2);
    assertThat(queue.lease(TOKYO, 10).lines().get(0).line()).isEqualTo(11);
  }

  @Test
  void aRetryGivenBackIsDueAtOnceAndKeepsItsAttempts() {
    long task = queue.taskOf(lines(1));
    fail(queue.lease(TOKYO, 10), FailureClass.TIMEOUT);
    queue.clock.advance(ANY_BACKOFF);
    LeaseGrant again = queue.lease(TOKYO, 10);
    queue.settle(TOKYO, again, List.of(LineResult.givenBack(1)));

    assertThat(queue.ledger(task).waiting()).isEqualTo(1);
    assertThat(queue.lease(TOKYO, 10).lines().get(0).attempt()).isEqualTo(2);
  }

  @Test
  void aSuccessWhoseObjectIsNotThereIsAFailedUpload() {
    long task = queue.taskOf(lines(3));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    LineResult good = queue.uploaded(grant, grant.lines().get(0));
    LineResult other = queue.uploaded(grant, grant.lines().get(1));

    SettleAnswer answer =
        queue.settle(
            TOKYO,
            grant,
            List.of(
                good,
                LineResult.succeeded(2, other.path(), other.size(), "0".repeat(64)),
                LineResult.succeeded(3, "nowhere.bin", 5, "1".repeat(64))));

    assertThat(answer.succeeded()).isEqualTo(1);
    assertThat(answer.retrying()).isEqualTo(2);
    assertThat(queue.ledger.failures(task, FailureClass.UPLOAD, false, 0, 10).total()).isEqualTo(2);
    assertThat(queue.ledger(task).bytes()).isEqualTo(good.size());
  }

  @Test
  void aSuccessOutsideTheTargetPathIsAFailedOutput() {
    long task = queue.taskOf(lines(1));
    LeaseGrant grant = queue.lease(TOKYO, 10);

    queue.settle(
        TOKYO, grant, List.of(LineResult.succeeded(1, "../other/1.bin", 5, "1".repeat(64))));

    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.OUTPUT, 1L));
  }

  @Test
  void theFailureLogIsPagedByLineAndClassWithKeptTotals() {
    long task = queue.taskOf(lines(40));
    LeaseGrant grant = queue.lease(TOKYO, 40);
    List<LineResult> results = new ArrayList<>();
    for (LeasedLine line : grant.lines()) {
      results.add(
          QueueFixture.failed(
              line, line.line() % 2 == 0 ? FailureClass.HTTP_4xx : FailureClass.TIMEOUT));
    }
    queue.settle(TOKYO, grant, results);

    assertThat(queue.ledger.failures(task, null, false, 0, 10).total()).isEqualTo(40);
    assertThat(queue.ledger.failures(task, null, true, 0, 10).total()).isEqualTo(20);
    var page = queue.ledger.failures(task, FailureClass.TIMEOUT, false, 5, 3);
    assertThat(page.total()).isEqualTo(20);
    assertThat(page.items()).extracting(FailureView::line).containsExactly(11L, 13L, 15L);
    assertThat(page.items()).allMatch(view -> view.nextAttemptAt() != null);
  }

  @Test
  void textThatTheDatabaseCannotKeepDoesNoHarm() {
    long task = queue.taskOf(lines(1));
    LeaseGrant grant = queue.lease(TOKYO, 1);

    queue.settle(
        TOKYO,
        grant,
        List.of(LineResult.failed(1, FailureClass.SCRIPT, "nul \0 half \ud83d", "out\0put", null)));

    FailureView view = queue.ledger.failures(task, null, false, 0, 1).items().get(0);
    assertThat(view.message()).isEqualTo("nul \ufffd half \ufffd");
    assertThat(view.output()).isEqualTo("out\ufffdput");
  }
}
