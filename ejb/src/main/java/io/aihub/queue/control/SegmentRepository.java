package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Segments, their counters and the ranges that were given back to them. Everything that belongs to
 * a segment changes under the lock of its row. A transaction waits for one such lock at most, the
 * first it takes; further ones it takes only where they are free. So no two wait for each other.
 */
@Dependent
public class SegmentRepository {

  private final Jdbi jdbi;

  @Inject
  public SegmentRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Locks a segment whose task is in progress.
   *
   * @param wait whether to wait where another transaction has it; else it counts as not there
   */
  Optional<OpenSegment> lock(SegmentId id, boolean wait) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select s.first_line, s.line_count, s.cursor, t.script_sha256
                    from segment s join download_task t on t.id = s.task_id
                    where s.task_id = :taskId and s.segment_no = :no and t.state = 'IN_PROGRESS'
                    for no key update of s
                    """
                        + (wait ? "" : " skip locked"))
                .bindMethods(id)
                .map(
                    (row, context) ->
                        new OpenSegment(
                            id,
                            row.getLong("first_line"),
                            row.getInt("line_count"),
                            row.getInt("cursor"),
                            row.getString("script_sha256")))
                .findOne());
  }

  /** Adds to the counters and holds the lock from then on. */
  void change(SegmentId id, SegmentChange by) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update segment set cursor = cursor + :cursor, returned = returned + :returned,
                      leased = leased + :leased, waiting = waiting + :waiting,
                      succeeded = succeeded + :succeeded, failed = failed + :failed,
                      skipped = skipped + :skipped, bytes = bytes + :bytes
                    where task_id = :taskId and segment_no = :no
                    """)
                .bindMethods(id)
                .bind("cursor", by.cursor)
                .bind("returned", by.returned)
                .bind("leased", by.leased)
                .bind("waiting", by.waiting)
                .bind("succeeded", by.succeeded)
                .bind("failed", by.failed)
                .bind("skipped", by.skipped)
                .bind("bytes", by.bytes)
                .execute());
  }

  /** Gives lines back, neighbours in one row. */
  void giveBack(SegmentId id, List<Long> sortedLines, int losses) {
    List<Range> ranges = new ArrayList<>();
    for (long line : sortedLines) {
      Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last.firstLine() + last.lineCount() == line) {
        ranges.set(ranges.size() - 1, new Range(last.firstLine(), last.lineCount() + 1, losses));
      } else {
        ranges.add(new Range(line, 1, losses));
      }
    }
    ranges.forEach(range -> insert(id, range));
  }

  private void insert(SegmentId id, Range range) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into returned_range (task_id, segment_no, first_line, line_count, losses)
                    values (:taskId, :no, :firstLine, :lineCount, :losses)
                    """)
                .bindMethods(id)
                .bind("firstLine", range.firstLine())
                .bind("lineCount", range.lineCount())
                .bind("losses", range.losses())
                .execute());
  }

  /** Takes up to {@code limit} lines of the first range that was given back, if there is one. */
  Optional<Range> takeReturned(SegmentId id, int limit) {
    Optional<Range> first =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        delete from returned_range where (task_id, segment_no, first_line) in (
                          select task_id, segment_no, first_line from returned_range
                          where task_id = :taskId and segment_no = :no
                          order by first_line limit 1)
                        returning first_line, line_count, losses
                        """)
                    .bindMethods(id)
                    .map(
                        (row, context) ->
                            new Range(
                                row.getLong("first_line"),
                                row.getInt("line_count"),
                                row.getInt("losses")))
                    .findOne());
    if (first.isEmpty() || first.get().lineCount() <= limit) {
      return first;
    }
    Range range = first.get();
    insert(id, new Range(range.firstLine() + limit, range.lineCount() - limit, range.losses()));
    return Optional.of(new Range(range.firstLine(), limit, range.losses()));
  }

  /** Keeps the records of lines that have just got their final outcome. */
  void append(SegmentId id, ManifestRecords records) {
    if (records.count() == 0) {
      return;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into manifest_chunk (task_id, segment_no, line_count, records)
                    values (:taskId, :no, :lineCount, :records)
                    """)
                .bindMethods(id)
                .bind("lineCount", records.count())
                .bind("records", records.toString())
                .execute());
  }

  /**
   * A segment under lock.
   *
   * @param cursor lines handed out or walked over
   */
  record OpenSegment(
      SegmentId id, long firstLine, int lineCount, int cursor, String scriptSha256) {}

  /** Neighbouring lines. */
  record Range(long firstLine, int lineCount, int losses) {}
}
