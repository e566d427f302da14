package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Turns lines that failed for good into lines that wait for their next attempt. What is asked for
 * is noted down in one row and carried out a segment a transaction, under that segment's lock and
 * no other, so it takes any number of failures, stands in nobody's way, and goes on after a crash.
 */
@Dependent
public class FailureRetries {

  private final Jdbi jdbi;

  @Inject
  public FailureRetries(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Failures of a task.
   *
   * @param classes of these classes
   * @param lines of these lines alone; null means all
   */
  public record Choice(long taskId, Collection<FailureClass> classes, Collection<Long> lines) {

    private <S extends SqlStatement<S>> S bind(S statement) {
      statement.bind("taskId", taskId).bindArray("classes", String.class, classNames());
      return lines == null ? statement : statement.bindArray("lines", Long.class, lines);
    }

    private List<String> classNames() {
      return classes.stream().map(FailureClass::name).toList();
    }
  }

  /** How many lines have failed for good; of all lines, the sum of what is counted by class. */
  public long count(Choice choice) {
    String sql =
        choice.lines() == null
            ? """
              select coalesce(sum(failed), 0) from failure_count
              where task_id = :taskId and class = any(:classes)
              """
            : """
              select count(*) from failed_line
              where task_id = :taskId and line = any(:lines) and state = 'FAILED'
                and class = any(:classes)
              """;
    return jdbi.withHandle(handle -> choice.bind(handle.createQuery(sql)).mapTo(Long.class).one());
  }

  /**
   * Notes down that these failures are to be tried again, as far as they stand now. Where the
   * working copy of the task's index has been deleted, it will be made again before.
   */
  public void ask(Choice choice, Instant now) {
    jdbi.useHandle(
        handle -> {
          handle
              .createUpdate(
                  """
                  insert into failure_retry (task_id, classes, lines, asked_at)
                  values (:taskId, :classes, :lines, :now)
                  """)
              .bind("taskId", choice.taskId())
              .bindArray("classes", String.class, choice.classNames())
              .bind("lines", choice.lines() == null ? null : choice.lines().toArray(Long[]::new))
              .bind("now", now)
              .execute();
          handle
              .createUpdate(
                  """
                  update index_ingest set state = 'COPYING'
                  where task_id = :taskId and state = 'READ' and source_etag is not null
                    and not working_copy
                  """)
              .bind("taskId", choice.taskId())
              .execute();
        });
  }

  private record Asked(long id, Choice choice, Instant at, int doneSegment, boolean cancelled) {}

  /**
   * Does the next step of what has been asked for, in the transaction of the caller; false where
   * there is none to do now. Lines of a task that is stopped or whose index cannot be read yet
   * wait.
   */
  public boolean step(Instant now) {
    return jdbi.withHandle(
        handle -> {
          Optional<Asked> asked = lockNext(handle);
          asked.ifPresent(request -> step(handle, request, now));
          return asked.isPresent();
        });
  }

  private static Optional<Asked> lockNext(Handle handle) {
    return handle
        .createQuery(
            """
            select r.*, t.state = 'CANCELLED' as cancelled
            from failure_retry r
            join download_task t on t.id = r.task_id
            join index_ingest i on i.task_id = r.task_id
            where t.state = 'CANCELLED'
              or (t.state in ('IN_PROGRESS', 'PAUSED') and i.state <> 'COPYING')
            order by r.id limit 1 for update of r skip locked
            """)
        .map(FailureRetries::map)
        .findOne();
  }

  private static Asked map(ResultSet row, StatementContext context) throws SQLException {
    Array lines = row.getArray("lines");
    Choice choice =
        new Choice(
            row.getLong("task_id"),
            Arrays.stream((String[]) row.getArray("classes").getArray())
                .map(FailureClass::valueOf)
                .toList(),
            lines == null ? null : List.of((Long[]) lines.getArray()));
    return new Asked(
        row.getLong("id"),
        choice,
        row.getObject("asked_at", OffsetDateTime.class).toInstant(),
        row.getInt("done_segment"),
        row.getBoolean("cancelled"));
  }

  private static void step(Handle handle, Asked asked, Instant now) {
    Optional<Integer> segment = asked.cancelled() ? Optional.empty() : nextSegment(handle, asked);
    if (segment.isEmpty()) {
      handle.execute("delete from failure_retry where id = ?", asked.id());
      return;
    }
    reopen(handle, asked, new SegmentId(asked.choice().taskId(), segment.get()), now);
    handle.execute(
        "update failure_retry set done_segment = ? where id = ?", segment.get(), asked.id());
  }

  private static Optional<Integer> nextSegment(Handle handle, Asked asked) {
    String sql =
        asked.choice().lines() == null
            ? """
              select segment_no from failure_count
              where task_id = :taskId and segment_no > :done and failed > 0
                and class = any(:classes)
              order by segment_no limit 1
              """
            : """
              select segment_no from failed_line
              where task_id = :taskId and line = any(:lines) and segment_no > :done
                and state = 'FAILED' and class = any(:classes)
              order by segment_no limit 1
              """;
    return asked
        .choice()
        .bind(handle.createQuery(sql).bind("done", asked.doneSegment()))
        .mapTo(Integer.class)
        .findOne();
  }

  private record Segment(long firstLine, int lineCount, boolean closed) {}

  private record Reopened(String failureClass, int lines) {}

  private static void reopen(Handle handle, Asked asked, SegmentId id, Instant now) {
    Segment segment = lock(handle, id);
    List<Reopened> byClass =
        asked
            .choice()
            .bind(
                handle
                    .createQuery(
                        """
                        with reopened as (
                          update failed_line set state = 'WAITING', due_at = :now,
                            earlier = earlier + attempts + losses, attempts = 0, losses = 0
                          where task_id = :taskId and line between :first and :last
                            and state = 'FAILED' and class = any(:classes) and at <= :askedAt
                        """
                            + (asked.choice().lines() == null ? "" : " and line = any(:lines)")
                            + """
                               returning class)
                            select class, count(*) as lines from reopened group by class
                            """)
                    .bind("first", segment.firstLine())
                    .bind("last", segment.firstLine() + segment.lineCount() - 1)
                    .bind("askedAt", asked.at())
                    .bind("now", now))
            .map((row, context) -> new Reopened(row.getString("class"), row.getInt("lines")))
            .list();
    int lines = byClass.stream().mapToInt(Reopened::lines).sum();
    if (lines == 0) {
      return;
    }
    handle
        .createUpdate(
            """
            update segment set closed = false, failed = failed - :lines, waiting = waiting + :lines
            where task_id = :taskId and segment_no = :no
            """)
        .bindMethods(id)
        .bind("lines", lines)
        .execute();
    for (Reopened one : byClass) {
      handle
          .createUpdate(
              """
              update failure_count set pending = pending + :lines, failed = failed - :lines
              where task_id = :taskId and segment_no = :no and class = :class
              """)
          .bindMethods(id)
          .bind("lines", one.lines())
          .bind("class", one.failureClass())
          .execute();
    }
    withdrawRecords(handle, id, segment.closed() ? segment.lineCount() - lines : -lines);
  }

  private static Segment lock(Handle handle, SegmentId id) {
    return handle
        .createQuery(
            """
            select first_line, line_count, closed from segment
            where task_id = :taskId and segment_no = :no for no key update
            """)
        .bindMethods(id)
        .map(
            (row, context) ->
                new Segment(
                    row.getLong("first_line"), row.getInt("line_count"), row.getBoolean("closed")))
        .one();
  }

  /**
   * The records of the lines don't count any more; they will get new ones, and of each line the
   * newest counts. What is noted down here is how many records do count from now on: less those of
   * an open segment; of a closed one, whose records stand in its part in storage, the others.
   */
  private static void withdrawRecords(Handle handle, SegmentId id, int counting) {
    handle
        .createUpdate(
            """
            insert into manifest_chunk (task_id, segment_no, line_count, records)
            values (:taskId, :no, :counting, '')
            """)
        .bindMethods(id)
        .bind("counting", counting)
        .execute();
  }
}
