package io.aihub.queue.control;

import static io.aihub.queue.control.RoundTrip.bigints;
import static io.aihub.queue.control.RoundTrip.byteStrings;
import static io.aihub.queue.control.RoundTrip.integers;

import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.control.SegmentRepository.Range;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Writes what a transaction does to segments: their counters first, whose row locks cover the rest.
 */
@Dependent
public class LedgerWriter {

  private final Jdbi jdbi;
  private final FailureLog failures;

  @Inject
  public LedgerWriter(Jdbi jdbi, FailureLog failures) {
    this.jdbi = jdbi;
    this.failures = failures;
  }

  /** All that a transaction does, which does nothing else to the database. */
  void write(SegmentEntries entries, Instant now) {
    RoundTrip trip = new RoundTrip(jdbi);
    write(trip, entries);
    trip.make();
    writeFailures(entries, now);
  }

  /**
   * Counters, manifest and ranges that come back; {@link #writeFailures} is to follow.
   *
   * @return those of the segments all of whose lines have their outcome now
   */
  Question<SegmentId> write(RoundTrip trip, SegmentEntries entries) {
    List<SegmentEntry> all = entries.changed();
    if (all.isEmpty()) {
      return Question.unasked();
    }
    Question<SegmentId> settled = counters(trip, all);
    manifest(trip, all.stream().filter(entry -> entry.manifest.count() > 0).toList());
    returned(trip, all);
    return settled;
  }

  /** What the failure log gets of it, once the counters are written. */
  void writeFailures(SegmentEntries entries, Instant now) {
    for (SegmentEntry entry : entries.changed()) {
      long taskId = entry.id.taskId();
      failures.record(entry.id, entry.failed);
      failures.forget(taskId, entry.recovered);
      failures.release(taskId, entry.released, now);
      failures.lose(taskId, entry.lost, now);
      entry.failureCounts.write(jdbi, entry.id);
    }
  }

  private static Question<SegmentId> counters(RoundTrip trip, List<SegmentEntry> entries) {
    return trip.ask(
        """
        with changed as (
        update segment s set cursor = s.cursor + n.cursor, returned = s.returned + n.returned,
          leased = s.leased + n.leased, waiting = s.waiting + n.waiting,
          succeeded = s.succeeded + n.succeeded, failed = s.failed + n.failed,
          skipped = s.skipped + n.skipped, bytes = s.bytes + n.bytes
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as n (task_id, segment_no, cursor, returned,
          leased, waiting, succeeded, failed, skipped, bytes)
        where s.task_id = n.task_id and s.segment_no = n.segment_no
        returning s.task_id, s.segment_no, s.state)
        select task_id, segment_no from changed where state = 'SETTLED'
        """,
        row -> new SegmentId(row.getLong(1), row.getInt(2)),
        bigints(entries, entry -> entry.id.taskId()),
        integers(entries, entry -> entry.id.no()),
        integers(entries, entry -> entry.change.cursor),
        integers(entries, entry -> entry.change.returned),
        integers(entries, entry -> entry.change.leased),
        integers(entries, entry -> entry.change.waiting),
        integers(entries, entry -> entry.change.succeeded),
        integers(entries, entry -> entry.change.failed),
        integers(entries, entry -> entry.change.skipped),
        bigints(entries, entry -> entry.change.bytes));
  }

  private static void manifest(RoundTrip trip, List<SegmentEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    trip.tell(
        """
        insert into manifest_chunk (task_id, segment_no, line_count, records)
        select * from unnest(?, ?, ?, ?)
        """,
        bigints(entries, entry -> entry.id.taskId()),
        integers(entries, entry -> entry.id.no()),
        integers(entries, entry -> entry.manifest.count()),
        byteStrings(entries, entry -> entry.manifest.toBytes()));
  }

  private static void returned(RoundTrip trip, List<SegmentEntry> entries) {
    List<Returned> ranges =
        entries.stream()
            .flatMap(entry -> entry.returned.stream().map(range -> new Returned(entry.id, range)))
            .toList();
    if (ranges.isEmpty()) {
      return;
    }
    trip.tell(
        """
        insert into returned_range (task_id, segment_no, first_line, line_count, losses)
        select * from unnest(?, ?, ?, ?, ?)
        """,
        bigints(ranges, returned -> returned.id().taskId()),
        integers(ranges, returned -> returned.id().no()),
        bigints(ranges, returned -> returned.range().firstLine()),
        integers(ranges, returned -> returned.range().lineCount()),
        integers(ranges, returned -> returned.range().losses()));
  }

  private record Returned(SegmentId id, Range range) {}
}
