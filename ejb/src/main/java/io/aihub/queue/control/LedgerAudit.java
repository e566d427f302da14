package io.aihub.queue.control;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** Compares the counters of segments with the rows they stand for, in one snapshot. */
@Dependent
public class LedgerAudit {

  private final Jdbi jdbi;

  @Inject
  public LedgerAudit(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A counter that is off.
   *
   * @param counter its name; {@code lines} where the segment does not follow on the one before,
   *     {@code index} where the segments have not all the lines that were read
   */
  public record Fault(int segmentNo, String counter, long counted, long found) {}

  /**
   * What was looked at, and what was found.
   *
   * @param lines in these segments
   */
  public record Audit(long segments, long lines, Optional<Fault> firstFault) {}

  /** Tasks whose index has been looked into. */
  public List<Long> tasks() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select task_id from index_ingest order by task_id")
                .mapTo(Long.class)
                .list());
  }

  /** The first segment of a task that is off; empty where all is well. */
  public Optional<Fault> firstFault(long taskId) {
    return audit(taskId).firstFault();
  }

  /**
   * Compares everything there is of a task. One statement, so that it sees one moment while the
   * task goes on.
   */
  public Audit audit(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    with returned as (
                      select segment_no, sum(line_count) as n from returned_range
                      where task_id = :taskId group by segment_no),
                    leased as (
                      select segment_no, sum(line_count(lines)) as n from lease
                      where task_id = :taskId and state = 'HELD' group by segment_no),
                    failures as (
                      select segment_no, count(*) filter (where state = 'WAITING') as waiting,
                        count(*) filter (where state = 'FAILED') as failed,
                        count(*) filter (where state <> 'FAILED') as pending
                      from failed_line where task_id = :taskId group by segment_no),
                    by_class as (
                      select segment_no, sum(pending) as pending, sum(failed) as failed
                      from failure_count where task_id = :taskId group by segment_no),
                    manifest as (
                      select segment_no, sum(line_count) as n from manifest_chunk
                      where task_id = :taskId group by segment_no),
                    checked as (
                      select s.*, coalesce(returned.n, 0) as found_returned,
                        coalesce(leased.n, 0) as found_leased,
                        coalesce(failures.waiting, 0) as found_waiting,
                        coalesce(failures.failed, 0) as found_failed,
                        coalesce(failures.pending, 0) as found_pending,
                        coalesce(by_class.pending, 0) as class_pending,
                        coalesce(by_class.failed, 0) as class_failed,
                        coalesce(manifest.n, 0) as found_manifest,
                        coalesce(lag(first_line + line_count) over (order by segment_no), 1)
                          as expected_line
                      from segment s
                      left join returned using (segment_no)
                      left join leased using (segment_no)
                      left join failures using (segment_no)
                      left join by_class using (segment_no)
                      left join manifest using (segment_no)
                      where s.task_id = :taskId),
                    total as (
                      select count(*) as segments, coalesce(sum(line_count), 0) as lines
                      from checked),
                    off as (
                      select segment_no, counter, counted, found
                      from checked cross join lateral (values
                      ('lines', first_line, expected_line),
                      ('returned', returned, found_returned),
                      ('leased', leased, found_leased),
                      ('waiting', waiting, found_waiting),
                      ('failed', failed, found_failed),
                      ('failed by class', class_failed, found_failed),
                      ('pending by class', class_pending, found_pending),
                      ('manifest', case when closed then 0 else succeeded + failed + skipped end,
                        found_manifest)) as pair (counter, counted, found)
                      where counted <> found
                      union all
                      select total.segments, 'index', i.lines, total.lines
                      from index_ingest i, total
                      where i.task_id = :taskId and i.lines <> total.lines
                      order by segment_no limit 1)
                    select total.segments, total.lines, off.*
                    from total left join off on true
                    """)
                .bind("taskId", taskId)
                .map(LedgerAudit::map)
                .one());
  }

  private static Audit map(ResultSet row, StatementContext context) throws SQLException {
    String counter = row.getString("counter");
    Optional<Fault> fault =
        counter == null
            ? Optional.empty()
            : Optional.of(
                new Fault(
                    row.getInt("segment_no"),
                    counter,
                    row.getLong("counted"),
                    row.getLong("found")));
    return new Audit(row.getLong("segments"), row.getLong("lines"), fault);
  }
}
