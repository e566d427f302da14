package io.aihub.queue.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.boundary.QueueModel.Line;
import io.aihub.queue.boundary.QueueModel.State;
import io.aihub.storage.control.StoredObject;
import io.aihub.testing.TestStorage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A task whose index is read already: twelve lines in three segments, which no index of that size
 * would be cut into, so that short histories get across them. All tasks share one index.
 */
final class HistoryTask {

  static final int LINES = 12;
  static final long BLANK = 1; // line 6
  static final long NO_TEXT = 1; // line 7
  static final List<Long> USABLE =
      LongStream.rangeClosed(1, LINES).boxed().filter(line -> line != 6 && line != 7).toList();

  private static final int SEGMENT_LINES = 4;
  private static final String KEY = "histories.txt";

  private final QueueFixture queue;
  private final long id;

  private HistoryTask(QueueFixture queue, long id) {
    this.queue = queue;
    this.id = id;
  }

  /** A new task of a tag of its own. */
  static HistoryTask of(QueueFixture queue) {
    byte[] index = index();
    StoredObject stored =
        queue
            .store
            .head(TestStorage.INDEX_BUCKET, KEY)
            .orElseGet(
                () -> {
                  queue.storage.put(TestStorage.INDEX_BUCKET, KEY, index);
                  return queue.store.head(TestStorage.INDEX_BUCKET, KEY).orElseThrow();
                });
    long id = queue.task("s3://" + TestStorage.INDEX_BUCKET + "/" + KEY, "to be named", 0);
    queue.jdbi.useTransaction(
        handle -> {
          handle.execute("update download_task set machine_tag = ? where id = ?", "tag" + id, id);
          handle.execute(
              "insert into index_ingest (task_id, state, bucket, key, etag, size, position, lines,"
                  + " segments) values (?, 'READ', ?, ?, ?, ?, ?, ?, ?)",
              id,
              TestStorage.INDEX_BUCKET,
              KEY,
              stored.etag(),
              index.length,
              index.length,
              LINES,
              LINES / SEGMENT_LINES);
          int offset = 0;
          for (int no = 1; no <= LINES / SEGMENT_LINES; no++) {
            int end = offset;
            for (int ends = 0; ends < SEGMENT_LINES; end++) {
              ends += index[end] == '\n' ? 1 : 0;
            }
            handle.execute(
                "insert into segment (task_id, segment_no, byte_offset, byte_length, first_line,"
                    + " line_count) values (?, ?, ?, ?, ?, ?)",
                id,
                no,
                offset,
                end - offset,
                (no - 1) * SEGMENT_LINES + 1,
                SEGMENT_LINES);
            offset = end;
          }
        });
    return new HistoryTask(queue, id);
  }

  private static byte[] index() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int line = 1; line <= LINES; line++) {
      switch (line) {
        case 6 -> bytes.write(' ');
        case 7 -> bytes.write(0xff); // in no UTF-8 text
        default -> bytes.writeBytes(("https://origin/" + line).getBytes(StandardCharsets.UTF_8));
      }
      bytes.write('\n');
    }
    return bytes.toByteArray();
  }

  long id() {
    return id;
  }

  String tag() {
    return "tag" + id;
  }

  void prioritise(int priority) {
    queue.jdbi.useHandle(
        handle ->
            handle.execute("update download_task set priority = ? where id = ?", priority, id));
  }

  /** How many lines wait for their next attempt and could have it. */
  int due(Instant now) {
    return queue.jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select count(*) from failed_line
                    where task_id = :id and state = 'WAITING' and due_at <= :now
                    """)
                .bind("id", id)
                .bind("now", now)
                .mapTo(Integer.class)
                .one());
  }

  /** The manifest has one record for each line, and it tells what the model knows. */
  void checkManifest(QueueModel model) {
    List<String> records = queue.manifest(id);
    assertThat(records).hasSize(LINES);
    for (int line = 1; line <= LINES; line++) {
      Line known = model.lines.get((long) line);
      String outcome =
          line == 6
              ? "skipped"
              : known != null && known.state == State.SUCCEEDED ? "succeeded" : "failed";
      assertThat(records.get(line - 1))
          .startsWith("{\"line\":" + line + ",\"outcome\":\"" + outcome + "\"");
      if (known != null && known.state == State.FAILED) {
        assertThat(records.get(line - 1)).contains("\"class\":\"" + known.failureClass + "\"");
      }
    }
  }

  /** Leaves nothing behind that later histories would have to step over. */
  void delete() {
    String tables =
        List.of(
                "failure_retry",
                "lease",
                "returned_range",
                "failed_line",
                "failure_count",
                "manifest_chunk",
                "segment",
                "index_ingest")
            .stream()
            .map(table -> "delete from " + table + " where task_id = " + id + ";")
            .collect(Collectors.joining());
    queue.jdbi.useHandle(
        handle -> handle.execute(tables + "delete from download_task where id = " + id));
  }
}
