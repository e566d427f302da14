package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.identity.control.UserRepository;
import io.aihub.identity.entity.UserAccount;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LedgerCheck;
import io.aihub.queue.api.LedgerReport;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.control.LedgerAudit;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("UnnecessaryAssignment") // no container is there to inject
class LedgerCheckTest extends QueueTest {

  private final LedgerCheckService checks = new LedgerCheckService();

  @BeforeEach
  void build() {
    checks.audit = new LedgerAudit(queue.jdbi);
    checks.users = // who is an admin is tested with the accounts
        new UserRepository() {
          @Override
          public UserAccount admin(String username) {
            return null;
          }
        };
    checks.tasks =
        new TaskService() {
          @Override
          public TaskView get(long taskId) {
            return null;
          }
        };
  }

  /** Lines of every kind: failed, waiting, leased, given back. */
  private long task() {
    long task = queue.taskOf(lines(600));
    LeaseGrant first = queue.lease(TOKYO, 4);
    queue.settle(
        TOKYO,
        first,
        List.of(
            QueueFixture.failed(first.lines().get(0), FailureClass.HTTP_4xx),
            QueueFixture.failed(first.lines().get(1), FailureClass.TIMEOUT),
            LineResult.givenBack(3),
            LineResult.givenBack(4)));
    queue.lease(TOKYO, 1);
    return task;
  }

  private LedgerCheck check(long task) {
    return checks.check("admin", task, Locale.ENGLISH);
  }

  @Test
  void aSoundLedgerSaysSoAndHowMuchWasLookedAt() {
    long task = task();

    LedgerCheck check = check(task);

    assertThat(check.sound()).isTrue();
    assertThat(check.fault()).isNull();
    assertThat(check.segments()).isEqualTo(3);
    assertThat(check.lines()).isEqualTo(600);
  }

  @ParameterizedTest
  @CsvSource({
    "returned,delete from returned_range",
    "leased,delete from lease",
    "failed,delete from failed_line where state = 'FAILED'",
    "waiting,delete from failed_line where state = 'WAITING'",
    "failed by class,delete from failure_count where failed > 0",
    "pending by class,delete from failure_count where pending > 0",
    "manifest,delete from manifest_chunk",
    "lines,update segment set first_line = first_line + 1 where segment_no = 1",
    "index,update index_ingest set lines = 601"
  })
  void whatIsOffIsNamedWithItsSegmentInWords(String counter, String damage) {
    long task = task();
    queue.jdbi.useHandle(handle -> handle.execute(damage));

    LedgerCheck check = check(task);

    assertThat(check.sound()).isFalse();
    assertThat(check.fault().counter()).isEqualTo(counter);
    assertThat(check.fault().counted()).isNotEqualTo(check.fault().found());
    assertThat(check.fault().message())
        .contains(String.valueOf(check.fault().counted()), String.valueOf(check.fault().found()));
    assertThat(checks.check("admin", task, Locale.CHINESE).fault().message())
        .containsPattern("\\p{IsHan}");
  }

  @Test
  void theFirstSegmentThatIsOffIsNamed() {
    long task = task();
    queue.jdbi.useHandle(
        handle ->
            handle.execute(
                "insert into returned_range (task_id, segment_no, first_line, line_count, losses)"
                    + " values (?, 3, 501, 2, 0), (?, 2, 251, 1, 0)",
                task,
                task));

    assertThat(check(task).fault().segmentNo()).isEqualTo(2);
  }

  @Test
  void allTasksAreCheckedAtOnce() {
    task();
    long bad = queue.taskOf(lines(20));
    queue.jdbi.useHandle(
        handle -> handle.execute("update index_ingest set lines = 21 where task_id = ?", bad));

    LedgerReport report = checks.checkAll("admin", Locale.ENGLISH);

    assertThat(report.tasks()).isEqualTo(2);
    assertThat(report.faults()).extracting(LedgerCheck::taskId).containsExactly(bad);
  }

  @Test
  void aHundredMillionLinesAreTenThousandRows() {
    long task = queue.task("s3://indexes/huge");
    queue.jdbi.useHandle(
        handle -> {
          handle.execute(
              "insert into index_ingest (task_id, state, lines, segments)"
                  + " values (?, 'READ', 100000000, 10000)",
              task);
          handle.execute(
              """
              insert into segment (task_id, segment_no, byte_offset, byte_length, first_line,
                line_count, cursor, succeeded, failed, closed)
              select ?, n, n * 1000000::bigint, 1000000, (n - 1) * 10000 + 1, 10000, 10000,
                9999, 1, true
              from generate_series(1, 10000) n
              """,
              task);
          handle.execute(
              """
              insert into failed_line (task_id, line, segment_no, state, attempts, losses, class, at)
              select ?, (n - 1) * 10000 + 1, n, 'FAILED', 1, 0, 'DNS', now()
              from generate_series(1, 10000) n where n <> 9000
              """,
              task);
          handle.execute(
              """
              insert into failure_count (task_id, segment_no, class, pending, failed)
              select ?, n, 'DNS', 0, 1 from generate_series(1, 10000) n
              """,
              task);
        });

    LedgerCheck check = check(task);

    assertThat(check.lines()).isEqualTo(100_000_000);
    assertThat(check.fault().segmentNo()).isEqualTo(9_000);
    assertThat(check.fault().counter()).isEqualTo("failed");
  }
}
