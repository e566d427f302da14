package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of failed lines. */
@Dependent
public class FailureLog {

  private static final int TEXT_LIMIT = 2_000;
  private static final int MESSAGE_LIMIT = 4_000;
  private static final int OUTPUT_LIMIT = 65_536;

  private final Jdbi jdbi;

  @Inject
  public FailureLog(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What a row says of the attempts before.
   *
   * @param earlier attempts and losses before a person had the line tried again; the other two
   *     count from then on
   */
  record Past(long line, int attempts, int losses, int earlier, FailureClass failureClass) {

    /** Of a line that has not failed yet. */
    static final Past NONE = new Past(0, 0, 0, 0, null);

    /** How often the line was handed out, as people count. */
    int tries() {
      return attempts + losses + earlier;
    }

    boolean isKnown() {
      return failureClass != null;
    }
  }

  /**
   * A failed attempt, or the loss of a worker.
   *
   * @param text the line; null where it is not known
   * @param attempts attempts made so far
   * @param dueAt when it is tried again; null where the failure is final
   * @param machine null where no machine tried it
   */
  record Failure(
      long line,
      String text,
      int attempts,
      int losses,
      Instant dueAt,
      FailureClass failureClass,
      String message,
      String output,
      String machine,
      Instant at) {

    boolean isFinal() {
      return dueAt == null;
    }
  }

  /** The failed lines among {@code lines}, by line. */
  Map<Long, Past> past(long taskId, Collection<Long> lines) {
    Map<Long, Past> past = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select line, attempts, losses, earlier, class from failed_line
                    where task_id = :taskId and line = any(:lines)
                    """)
                .bind("taskId", taskId)
                .bindArray("lines", Long.class, lines)
                .map(FailureLog::pastOf)
                .forEach(row -> past.put(row.line(), row)));
    return past;
  }

  private static Past pastOf(ResultSet row, StatementContext context) throws SQLException {
    return new Past(
        row.getLong("line"),
        row.getInt("attempts"),
        row.getInt("losses"),
        row.getInt("earlier"),
        FailureClass.valueOf(row.getString("class")));
  }

  /**
   * Hands due lines of a segment to a lease. A line that workers were lost with goes alone, so that
   * it takes no other with it.
   *
   * @param mostLosses lines that workers were lost with more often stay
   */
  List<Past> takeDue(SegmentId id, int limit, int mostLosses, Instant now, UUID leaseId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    with due as (
                      select line, losses, row_number() over (order by due_at, line) as place
                      from failed_line
                      where task_id = :taskId and segment_no = :no and state = 'WAITING'
                        and due_at <= :now and losses <= :mostLosses
                      order by due_at, line limit :limit),
                    chosen as (
                      select line from due
                      where case when (select losses from due where place = 1) > 0
                        then place = 1 else losses = 0 end)
                    update failed_line set state = 'LEASED', lease_id = :leaseId, due_at = null
                    where task_id = :taskId and line in (select line from chosen)
                    returning line, attempts, losses, earlier, class
                    """)
                .bindMethods(id)
                .bind("now", now)
                .bind("limit", limit)
                .bind("mostLosses", mostLosses)
                .bind("leaseId", leaseId)
                .map(FailureLog::pastOf)
                .list());
  }

  /** Whether a segment has due lines that were lost so often at least. */
  boolean hasDue(SegmentId id, int losses, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (
                      select 1 from failed_line
                      where task_id = :taskId and segment_no = :no and state = 'WAITING'
                        and due_at <= :now and losses >= :losses)
                    """)
                .bindMethods(id)
                .bind("losses", losses)
                .bind("now", now)
                .mapTo(Boolean.class)
                .one());
  }

  /** Puts untried lines back; they are due at once. */
  void release(long taskId, Collection<Long> lines, Instant now) {
    if (lines.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update failed_line set state = 'WAITING', lease_id = null, due_at = :now
                    where task_id = :taskId and line = any(:lines)
                    """)
                .bind("taskId", taskId)
                .bind("now", now)
                .bindArray("lines", Long.class, lines)
                .execute());
  }

  /** Puts lines back whose worker was lost; they are due at once. */
  void lose(long taskId, Collection<Long> lines, Instant now) {
    if (lines.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update failed_line set state = 'WAITING', lease_id = null, due_at = :now,
                      losses = losses + 1
                    where task_id = :taskId and line = any(:lines)
                    """)
                .bind("taskId", taskId)
                .bind("now", now)
                .bindArray("lines", Long.class, lines)
                .execute());
  }

  /** Writes the outcome of failed attempts over what stood there before. */
  void record(SegmentId id, Collection<Failure> failures) {
    if (failures.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  insert into failed_line (task_id, line, segment_no, state, text, attempts, losses,
                    due_at, class, message, output, machine, at)
                  values (:taskId, :line, :no, :state, :text, :attempts, :losses, :dueAt, :class,
                    :message, :output, :machine, :at)
                  on conflict (task_id, line) do update set state = excluded.state,
                    text = coalesce(excluded.text, failed_line.text), attempts = excluded.attempts,
                    losses = excluded.losses, due_at = excluded.due_at, lease_id = null,
                    class = excluded.class, message = excluded.message, output = excluded.output,
                    machine = excluded.machine, at = excluded.at
                  """);
          for (Failure failure : failures) {
            batch
                .bind("taskId", id.taskId())
                .bind("no", id.no())
                .bind("line", failure.line())
                .bind("state", failure.isFinal() ? "FAILED" : "WAITING")
                .bind("text", CleanText.of(failure.text(), TEXT_LIMIT))
                .bind("attempts", failure.attempts())
                .bind("losses", failure.losses())
                .bind("dueAt", failure.dueAt())
                .bind("class", failure.failureClass().name())
                .bind("message", CleanText.of(failure.message(), MESSAGE_LIMIT))
                .bind("output", CleanText.of(failure.output(), OUTPUT_LIMIT))
                .bind("machine", failure.machine())
                .bind("at", failure.at())
                .add();
          }
          batch.execute();
        });
  }

  /** Removes lines that succeeded in the end. */
  void forget(long taskId, Collection<Long> lines) {
    if (lines.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "delete from failed_line where task_id = :taskId and line = any(:lines)")
                .bind("taskId", taskId)
                .bindArray("lines", Long.class, lines)
                .execute());
  }
}
