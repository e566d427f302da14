package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import io.aihub.shared.UnavailableException;
import io.aihub.storage.control.ObjectStore;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jdbi.v3.core.Jdbi;

/**
 * Moves the records of settled segments from the database into storage, a part of the manifest a
 * segment. The newest record of a line counts. A segment that was opened again, because a person
 * had failures tried again, has the records of its other lines in the part that was written before:
 * they are read back and carried over, so the step may be repeated at will.
 *
 * <p>This is the one place that holds a lock while storage is at work: the lock of a segment that
 * nobody has lines of. It keeps two servers from writing one part at the same time, of which the
 * older could come last.
 */
@Dependent
public class ManifestWriter {

  private final Jdbi jdbi;
  private final ObjectStore store;
  private final Transactions transactions;

  @Inject
  public ManifestWriter(Jdbi jdbi, ObjectStore store, Transactions transactions) {
    this.jdbi = jdbi;
    this.store = store;
    this.transactions = transactions;
  }

  /**
   * Segments all of whose lines have their outcome, but whose part is not written yet, in order.
   * Those of tasks that were stopped wait.
   *
   * @param after where the list goes on; null for its beginning
   */
  public List<SegmentId> settled(SegmentId after, int limit) {
    SegmentId from = after == null ? new SegmentId(0, 0) : after;
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select s.task_id, s.segment_no
                    from segment s join download_task t on t.id = s.task_id
                    where s.state = 'SETTLED' and t.state <> 'FAILED'
                      and (s.task_id, s.segment_no) > (:taskId, :no)
                    order by s.task_id, s.segment_no limit :limit
                    """)
                .bindMethods(from)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new SegmentId(row.getLong("task_id"), row.getInt("segment_no")))
                .list());
  }

  /**
   * Writes the part and closes the segment; does nothing where another server does it or has done
   * it.
   *
   * @throws io.aihub.storage.control.ObjectAccessException where a part that was written before is
   *     not to be had any more
   * @throws UnavailableException where storage does not answer
   */
  public void close(SegmentId id) {
    transactions.call(
        () -> {
          lock(id).ifPresent(segment -> close(id, segment));
          return null;
        });
  }

  /**
   * Lets new records take the place of those whose parts are written. Autovacuum would come once a
   * minute, and by then the table could have grown by gigabytes. Not to be called within a
   * transaction.
   */
  public void makeRoom() {
    jdbi.useHandle(handle -> handle.execute("vacuum (skip_locked) manifest_chunk"));
  }

  private void close(SegmentId id, Settled segment) {
    String key =
        TargetPath.key(
            segment.target(), String.format("%s/part-%05d.jsonl.gz", segment.folder(), id.no()));
    ManifestJson records =
        new ManifestJson(segment.target(), segment.firstLine(), segment.lineCount());
    chunks(id).forEach(records::add);
    if (records.size() < segment.lineCount()) {
      carryOver(key, records);
    }
    if (records.size() != segment.lineCount()) {
      throw new IllegalStateException(
          id + " has " + records.size() + " manifest records for " + segment.lineCount());
    }
    store.put(store.targetBucket(), key, "application/gzip", gzip(records));
    jdbi.useHandle(
        handle -> {
          handle
              .createUpdate(
                  """
                  update segment set closed = true
                  where task_id = :taskId and segment_no = :no
                  """)
              .bindMethods(id)
              .execute();
          handle
              .createUpdate(
                  """
                  delete from manifest_chunk where task_id = :taskId and segment_no = :no
                  """)
              .bindMethods(id)
              .execute();
        });
  }

  private record Settled(long firstLine, int lineCount, String target, String folder) {}

  private Optional<Settled> lock(SegmentId id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select s.first_line, s.line_count, t.target_path, t.manifest_folder
                    from segment s join download_task t on t.id = s.task_id
                    where s.task_id = :taskId and s.segment_no = :no and s.state = 'SETTLED'
                    for no key update of s skip locked
                    """)
                .bindMethods(id)
                .map(
                    (row, context) ->
                        new Settled(
                            row.getLong("first_line"),
                            row.getInt("line_count"),
                            row.getString("target_path"),
                            row.getString("manifest_folder")))
                .findOne());
  }

  /** What the database has in short; chunks that only correct a count are left out. */
  private List<byte[]> chunks(SegmentId id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select records from manifest_chunk
                    where task_id = :taskId and segment_no = :no and length(records) > 0
                    order by id
                    """)
                .bindMethods(id)
                .mapTo(byte[].class)
                .list());
  }

  /** Adds the records of the part in storage, but of those lines that have a newer one. */
  private void carryOver(String key, ManifestJson records) {
    try (BufferedReader part =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(store.open(store.targetBucket(), key, 0, null)),
                StandardCharsets.UTF_8))) {
      part.lines().forEach(records::addMissing);
    } catch (IOException | UncheckedIOException broken) {
      UnavailableException unavailable = new UnavailableException("storage.unavailable");
      unavailable.initCause(broken);
      throw unavailable;
    }
  }

  private static byte[] gzip(ManifestJson records) {
    GzipBuffer gzip = GzipBuffer.take();
    try {
      records.writeTo(gzip);
      return gzip.toGzip();
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    } finally {
      gzip.giveBack();
    }
  }
}
