package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testing.TaskRows;
import io.aihub.testing.TestDatabase;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks of one target path at the time when the server is updated so that they keep their manifests
 * apart.
 */
class ManifestMigrationTest {

  private final TestDatabase database = TestDatabase.createAt("12");
  private final Jdbi jdbi = database.jdbi();
  private final TaskRows tasks = new TaskRows(database);

  /** A segment of ten lines that is worked on, without a part so far. */
  private void open(long task, int no) {
    jdbi.useHandle(
        handle -> {
          handle.execute(
              "insert into index_ingest (task_id, state) values (?, 'READING') on conflict do nothing",
              task);
          handle.execute(
              """
              insert into segment (task_id, segment_no, byte_offset, byte_length, first_line,
                line_count, cursor, succeeded, failed)
              values (?, ?, 0, 10, 1, 10, 10, 7, 3)
              """,
              task,
              no);
          handle.execute(
              """
              insert into manifest_chunk (task_id, segment_no, line_count, records)
              values (?, ?, 10, 'ten records'::bytea)
              """,
              task,
              no);
        });
  }

  /** A segment whose part is written. */
  private void close(long task, int no) {
    open(task, no);
    jdbi.useHandle(
        handle -> {
          handle.execute(
              "delete from manifest_chunk where task_id = ? and segment_no = ?", task, no);
          handle.execute(
              "update segment set closed = true where task_id = ? and segment_no = ?", task, no);
        });
  }

  /** A segment whose part is written, and whose failures a person has had tried again since. */
  private void openAgain(long task, int no) {
    close(task, no);
    jdbi.useHandle(
        handle -> {
          handle.execute(
              """
              update segment set closed = false, failed = 0, waiting = 3
              where task_id = ? and segment_no = ?
              """,
              task,
              no);
          handle.execute(
              """
              insert into manifest_chunk (task_id, segment_no, line_count, records)
              values (?, ?, 7, '')
              """,
              task,
              no);
        });
  }

  private String folder(long task) {
    return jdbi.withHandle(
        handle ->
            handle
                .select("select manifest_folder from download_task where id = ?", task)
                .mapTo(String.class)
                .one());
  }

  private void assertUsual(long task) {
    assertThat(folder(task)).isEqualTo("_manifest");
  }

  private void assertOwn(long task) {
    assertThat(folder(task)).isEqualTo("_manifest/task-" + task);
  }

  @ParameterizedTest
  @ValueSource(strings = {"IN_PROGRESS", "PAUSED", "FAILED", "COMPLETED", "CANCELLED"})
  void partsStayWhereTheyAreWhateverBecameOfTheTask(String state) {
    long first = tasks.insert("faces", state);
    close(first, 0);
    long second = tasks.insert("faces", state);
    close(second, 0);
    open(second, 1);

    database.migrateTo("latest");

    assertUsual(first);
    assertUsual(second);
  }

  @Test
  void aTaskWithoutPartsGetsAFolderOfItsOwnWhereAnEarlierOneHasTheUsual() {
    long first = tasks.insert("faces", "IN_PROGRESS");
    close(first, 0);
    long started = tasks.insert("faces", "IN_PROGRESS");
    open(started, 0);
    long waiting = tasks.insert("faces", "CREATED");
    long elsewhere = tasks.insert("faces/2026", "CREATED");

    database.migrateTo("latest");

    assertUsual(first);
    assertOwn(started);
    assertOwn(waiting);
    assertUsual(elsewhere);
  }

  @Test
  void aTaskThatHadItsFailuresTriedAgainFindsThePartsThatItReadsBack() {
    tasks.insert("faces", "COMPLETED");
    long again = tasks.insert("faces", "IN_PROGRESS");
    openAgain(again, 0);

    database.migrateTo("latest");

    assertUsual(again);
  }

  @Test
  void anEarlierTaskWithoutPartsLeavesTheFolderToALaterOneThatHasSome() {
    long waiting = tasks.insert("faces", "CREATED");
    long running = tasks.insert("faces", "IN_PROGRESS");
    close(running, 0);

    database.migrateTo("latest");

    assertOwn(waiting);
    assertUsual(running);
  }

  @Test
  void aTaskThatIsAloneKeepsTheUsualFolder() {
    long task = tasks.insert("faces", "IN_PROGRESS");
    open(task, 0);

    database.migrateTo("latest");

    assertUsual(task);
  }

  @Test
  void whatHasWrittenItsPartsApartSinceVersion13StaysThere() {
    database.migrateTo("13");
    tasks.insert("faces", "COMPLETED");
    long later = tasks.insert("faces", "IN_PROGRESS");
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update download_task set manifest_folder = '_manifest/task-' || id where id = ?",
                later));
    openAgain(later, 0);

    database.migrateTo("latest");

    assertOwn(later);
  }
}
