package io.aihub.queue.control;

import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * The rows of segments and of the ranges that were given back to them. Everything that belongs to a
 * segment changes under the lock of its row. A transaction waits for such locks once, in the order
 * of the segments' names and after those of leases; further ones it takes only where they are free.
 * So no two wait for each other.
 */
@Dependent
public class SegmentRepository {

  private static final String LOCK =
      """
      select s.task_id, s.segment_no, s.first_line, s.line_count, s.cursor, t.script_sha256,
        t.state = 'IN_PROGRESS'
      from unnest(?, ?) as wanted (task_id, segment_no)
      join segment s using (task_id, segment_no)
      join download_task t on t.id = s.task_id
      order by s.task_id, s.segment_no
      for no key update of s
      """;

  private final Jdbi jdbi;

  @Inject
  public SegmentRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Locks segments, in the order of their names, whatever state their tasks are in.
   *
   * @param waits whether to wait for segments that another transaction has, or to leave them out
   */
  static Question<OpenSegment> lock(RoundTrip trip, Collection<SegmentId> ids, boolean waits) {
    return trip.ask(
        waits ? LOCK : LOCK + "skip locked",
        row ->
            new OpenSegment(
                new SegmentId(row.getLong(1), row.getInt(2)),
                row.getLong(3),
                row.getInt(4),
                row.getInt(5),
                row.getString(6),
                row.getBoolean(7)),
        RoundTrip.bigints(ids, SegmentId::taskId),
        RoundTrip.integers(ids, SegmentId::no));
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

  /**
   * Takes up to {@code limit} lines of the first range that was given back, if there is one.
   *
   * @param mostLosses ranges that workers were lost with more often stay
   */
  Optional<Range> takeReturned(SegmentId id, int limit, int mostLosses) {
    Optional<Range> first =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        delete from returned_range where (task_id, segment_no, first_line) in (
                          select task_id, segment_no, first_line from returned_range
                          where task_id = :taskId and segment_no = :no
                            and losses <= :mostLosses
                          order by first_line limit 1)
                        returning first_line, line_count, losses
                        """)
                    .bindMethods(id)
                    .bind("mostLosses", mostLosses)
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

  /** Whether a segment has lines that were given back and lost so often at least. */
  boolean hasReturned(SegmentId id, int losses) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (
                      select 1 from returned_range
                      where task_id = :taskId and segment_no = :no and losses >= :losses)
                    """)
                .bindMethods(id)
                .bind("losses", losses)
                .mapTo(Boolean.class)
                .one());
  }

  /**
   * A segment under lock.
   *
   * @param cursor lines handed out or walked over
   * @param inProgress whether its task is; from others nothing is handed out
   */
  record OpenSegment(
      SegmentId id,
      long firstLine,
      int lineCount,
      int cursor,
      String scriptSha256,
      boolean inProgress) {}

  /** Neighbouring lines. */
  record Range(long firstLine, int lineCount, int losses) {

    /** The line after the last one. */
    long end() {
      return firstLine + lineCount;
    }
  }
}
