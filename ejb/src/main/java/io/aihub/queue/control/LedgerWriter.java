package io.aihub.queue.control;

import io.aihub.queue.control.SegmentRepository.Range;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

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

  void write(SegmentEntries entries, Instant now) {
    Collection<SegmentEntry> all = entries.changed();
    if (all.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle -> {
          counters(handle, all);
          manifest(handle, all);
          returned(handle, all);
        });
    for (SegmentEntry entry : all) {
      long taskId = entry.id.taskId();
      failures.record(entry.id, entry.failed);
      failures.forget(taskId, entry.recovered);
      failures.release(taskId, entry.released, now);
      failures.lose(taskId, entry.lost, now);
      failures.count(entry.id, entry.failureCounts);
    }
  }

  private static void counters(Handle handle, Collection<SegmentEntry> entries) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            update segment set cursor = cursor + :cursor, returned = returned + :returned,
              leased = leased + :leased, waiting = waiting + :waiting,
              succeeded = succeeded + :succeeded, failed = failed + :failed,
              skipped = skipped + :skipped, bytes = bytes + :bytes
            where task_id = :taskId and segment_no = :no
            """);
    for (SegmentEntry entry : entries) {
      SegmentChange by = entry.change;
      batch
          .bind("taskId", entry.id.taskId())
          .bind("no", entry.id.no())
          .bind("cursor", by.cursor)
          .bind("returned", by.returned)
          .bind("leased", by.leased)
          .bind("waiting", by.waiting)
          .bind("succeeded", by.succeeded)
          .bind("failed", by.failed)
          .bind("skipped", by.skipped)
          .bind("bytes", by.bytes)
          .add();
    }
    batch.execute();
  }

  private static void manifest(Handle handle, Collection<SegmentEntry> entries) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into manifest_chunk (task_id, segment_no, line_count, records)
            values (:taskId, :no, :lineCount, :records)
            """);
    for (SegmentEntry entry : entries) {
      if (entry.manifest.count() > 0) {
        batch
            .bind("taskId", entry.id.taskId())
            .bind("no", entry.id.no())
            .bind("lineCount", entry.manifest.count())
            .bind("records", entry.manifest.toBytes())
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static void returned(Handle handle, Collection<SegmentEntry> entries) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into returned_range (task_id, segment_no, first_line, line_count, losses)
            values (:taskId, :no, :firstLine, :lineCount, :losses)
            """);
    for (SegmentEntry entry : entries) {
      for (Range range : entry.returned) {
        batch
            .bind("taskId", entry.id.taskId())
            .bind("no", entry.id.no())
            .bind("firstLine", range.firstLine())
            .bind("lineCount", range.lineCount())
            .bind("losses", range.losses())
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}
