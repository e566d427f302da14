package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import io.aihub.storage.control.ObjectStore;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jdbi.v3.core.Jdbi;

/**
 * Moves the records of settled segments from the database into storage, a part of the manifest a
 * segment. Two servers at once write the same bytes, and only one of them closes the segment.
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

  /** Segments all of whose lines have their outcome, but whose part is not written yet. */
  public List<SegmentId> settled(int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select task_id, segment_no from segment where state = 'SETTLED'
                    order by task_id, segment_no limit :limit
                    """)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new SegmentId(row.getLong("task_id"), row.getInt("segment_no")))
                .list());
  }

  /** Writes the part and closes the segment; does nothing where another server has done it. */
  public void close(SegmentId id) {
    List<byte[]> chunks = chunks(id);
    Plan plan = plan(id);
    // the chunks are read first: were the segment closed meanwhile, they may be gone or fewer
    if (!plan.state().equals("SETTLED")) {
      return;
    }
    ManifestJson json = new ManifestJson(plan.target());
    SortedMap<Long, String> records = new TreeMap<>();
    chunks.forEach(chunk -> json.addTo(records, chunk));
    if (records.size() != plan.lineCount()) {
      throw new IllegalStateException(
          id + " has " + records.size() + " manifest records for " + plan.lineCount() + " lines");
    }
    String name = String.format("%s/part-%05d.jsonl.gz", TargetPath.MANIFEST_FOLDER, id.no());
    store.put(
        store.targetBucket(),
        TargetPath.key(plan.target(), name),
        "application/gzip",
        gzip(records.values()));
    transactions.call(
        () -> {
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
          return null;
        });
  }

  private record Plan(String state, int lineCount, String target) {}

  private Plan plan(SegmentId id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select s.state, s.line_count, t.target_path
                    from segment s join download_task t on t.id = s.task_id
                    where s.task_id = :taskId and s.segment_no = :no
                    """)
                .bindMethods(id)
                .map(
                    (row, context) ->
                        new Plan(
                            row.getString("state"),
                            row.getInt("line_count"),
                            row.getString("target_path")))
                .one());
  }

  private List<byte[]> chunks(SegmentId id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select records from manifest_chunk
                    where task_id = :taskId and segment_no = :no order by id
                    """)
                .bindMethods(id)
                .mapTo(byte[].class)
                .list());
  }

  private static byte[] gzip(Collection<String> records) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (String record : records) {
        gzip.write(record.getBytes(StandardCharsets.UTF_8));
        gzip.write('\n');
      }
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
    return bytes.toByteArray();
  }

  /** Tasks in progress all of whose lines are accounted for in storage. */
  public List<Long> complete() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select t.id from download_task t join index_ingest i on i.task_id = t.id
                    where t.state = 'IN_PROGRESS' and i.state = 'READ'
                      and not exists (
                        select 1 from segment s where s.task_id = t.id and not s.closed)
                    """)
                .mapTo(Long.class)
                .list());
  }
}
