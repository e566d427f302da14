package io.aihub.queue.control;

import io.aihub.queue.control.IndexSplitter.NewSegment;
import jakarta.ejb.ApplicationException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of indexes that are being read. Only the holder of the claim writes. */
@Dependent
public class IngestRepository {

  private final Jdbi jdbi;

  @Inject
  public IngestRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Thrown where another reader has taken the work over, or the task goes no further for now. */
  @ApplicationException(rollback = true)
  public static final class ClaimLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  /** Claims the most urgent index that waits to be read, if there is one. */
  public Optional<Ingest> claim(Instant now, Instant until) {
    return jdbi.withHandle(
        handle -> {
          handle
              .createUpdate(
                  """
                  insert into index_ingest (task_id, state)
                  select t.id, 'NEW' from download_task t
                  where t.state = 'IN_PROGRESS'
                    and not exists (select 1 from index_ingest i where i.task_id = t.id)
                  on conflict do nothing
                  """)
              .execute();
          return handle
              .createQuery(
                  """
                  with free as (
                    select i.task_id, t.index_address
                    from index_ingest i join download_task t on t.id = i.task_id
                    where i.state <> 'READ' and t.state = 'IN_PROGRESS'
                      and (i.claimed_until is null or i.claimed_until <= :now)
                    order by t.priority desc, t.approved_at, t.id
                    limit 1 for update of i skip locked)
                  update index_ingest i set claim = :claim, claimed_until = :until
                  from free where i.task_id = free.task_id
                  returning i.*, free.index_address
                  """)
              .bind("now", now)
              .bind("until", until)
              .bind("claim", UUID.randomUUID())
              .map(IngestRepository::map)
              .findOne();
        });
  }

  private static Ingest map(ResultSet row, StatementContext context) throws SQLException {
    return new Ingest(
        row.getLong("task_id"),
        row.getObject("claim", UUID.class),
        row.getString("state"),
        row.getString("index_address"),
        row.getString("bucket"),
        row.getString("key"),
        row.getString("etag"),
        row.getLong("size"),
        row.getLong("position"),
        row.getLong("lines"),
        row.getInt("segments"),
        row.getString("source_etag"));
  }

  /** Keeps the claim while something takes its time. */
  public void keep(Ingest ingest, Instant until) {
    int kept =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        update index_ingest i set claimed_until = :until
                        where task_id = :taskId and claim = :claim and exists (
                          select 1 from download_task t
                          where t.id = i.task_id and t.state in ('IN_PROGRESS', 'PAUSED'))
                        """)
                    .bind("until", until)
                    .bind("taskId", ingest.taskId())
                    .bind("claim", ingest.claim())
                    .execute());
    require(kept);
  }

  /** Lets others claim it from {@code when} on. */
  public void release(Ingest ingest, Instant when) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update index_ingest set claimed_until = :when
                    where task_id = :taskId and claim = :claim
                    """)
                .bind("when", when)
                .bind("taskId", ingest.taskId())
                .bind("claim", ingest.claim())
                .execute());
  }

  /**
   * Pins the text that will be read.
   *
   * @param position where the first line begins
   * @param sourceEtag what the working copy was made from; null where the text is the index itself
   */
  public void pin(
      Ingest ingest,
      String bucket,
      String key,
      String etag,
      long size,
      long position,
      String sourceEtag) {
    int pinned =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        update index_ingest set state = 'READING', bucket = :bucket, key = :key,
                          etag = :etag, size = :size, position = :position,
                          working_copy = :workingCopy, source_etag = :sourceEtag
                        where task_id = :taskId and claim = :claim and state = 'NEW'
                        """)
                    .bind("bucket", bucket)
                    .bind("key", key)
                    .bind("etag", etag)
                    .bind("size", size)
                    .bind("position", position)
                    .bind("workingCopy", sourceEtag != null)
                    .bind("sourceEtag", sourceEtag)
                    .bind("taskId", ingest.taskId())
                    .bind("claim", ingest.claim())
                    .execute());
    require(pinned);
  }

  /** The working copy is there again; what was read from the first one still holds. */
  public void copied(Ingest ingest, String etag) {
    int copied =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        update index_ingest set state = 'READ', etag = :etag, working_copy = true
                        where task_id = :taskId and claim = :claim and state = 'COPYING'
                        """)
                    .bind("etag", etag)
                    .bind("taskId", ingest.taskId())
                    .bind("claim", ingest.claim())
                    .execute());
    require(copied);
  }

  /** Records segments, and how far the reading has come, in one transaction. */
  public void record(Ingest ingest, List<NewSegment> segments, boolean atEnd, Instant until) {
    jdbi.useHandle(
        handle -> {
          NewSegment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
          int updated =
              handle
                  .createUpdate(
                      """
                      update index_ingest i set state = case when :atEnd then 'READ' else state end,
                        position = coalesce(:position, position), lines = coalesce(:lines, lines),
                        segments = coalesce(:segments, segments), claimed_until = :until
                      where task_id = :taskId and claim = :claim and state = 'READING' and exists (
                        select 1 from download_task t
                        where t.id = i.task_id and t.state in ('IN_PROGRESS', 'PAUSED'))
                      """)
                  .bind("atEnd", atEnd)
                  .bind("position", last == null ? null : last.byteOffset() + last.byteLength())
                  .bind("lines", last == null ? null : last.firstLine() + last.lineCount() - 1)
                  .bind("segments", last == null ? null : last.no())
                  .bind("until", until)
                  .bind("taskId", ingest.taskId())
                  .bind("claim", ingest.claim())
                  .execute();
          require(updated);
          if (last == null) {
            return;
          }
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  insert into segment (task_id, segment_no, byte_offset, byte_length, first_line,
                    line_count)
                  values (:taskId, :no, :byteOffset, :byteLength, :firstLine, :lineCount)
                  """);
          for (NewSegment segment : segments) {
            batch
                .bind("taskId", ingest.taskId())
                .bind("no", segment.no())
                .bind("byteOffset", segment.byteOffset())
                .bind("byteLength", segment.byteLength())
                .bind("firstLine", segment.firstLine())
                .bind("lineCount", segment.lineCount())
                .add();
          }
          batch.execute();
        });
  }

  private static void require(int rows) {
    if (rows == 0) {
      throw new ClaimLostException();
    }
  }

  /** A working copy that nobody needs any more. */
  public record WorkingCopyOf(long taskId, String bucket, String key) {}

  /**
   * A working copy of a task that has ended, the task locked; empty where there is none, or another
   * server sees to it.
   */
  public Optional<WorkingCopyOf> lockLeftBehind() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select i.task_id, i.bucket, i.key
                    from index_ingest i join download_task t on t.id = i.task_id
                    where i.working_copy and t.state in ('COMPLETED', 'CANCELLED')
                    limit 1 for no key update of t skip locked
                    """)
                .map(
                    (row, context) ->
                        new WorkingCopyOf(
                            row.getLong("task_id"), row.getString("bucket"), row.getString("key")))
                .findOne());
  }

  public void workingCopyDeleted(long taskId) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "update index_ingest set working_copy = false where task_id = :taskId")
                .bind("taskId", taskId)
                .execute());
  }
}
