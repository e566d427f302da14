package io.aihub.task.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.task.api.TargetSharer;
import io.aihub.task.api.TaskState;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TaskRows;
import io.aihub.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetSharersTest {

  private static TestDatabase database;
  private static TaskRows rows;
  private static Beans beans;

  @BeforeAll
  static void fill() {
    database = TestDatabase.create();
    rows = new TaskRows(database);
    beans = new Beans(database, new SettableClock());
  }

  @AfterAll
  static void close() {
    beans.close();
  }

  private static List<TargetSharer> sharers(String path, long but) {
    return beans.inTransaction(() -> beans.get(TaskRepository.class).sharingTarget(path, but));
  }

  @Test
  void tasksShareAFolderWithThoseInItAboveItAndBelowIt() {
    long above = rows.insert("faces", "CREATED");
    long same = rows.insert("faces/2026", "IN_PROGRESS");
    long below = rows.insert("faces/2026/11/中文", "PAUSED");
    List.of("face", "faces2", "faces/202", "faces/2026-11", "faces/20260", "faces/2025/2026")
        .forEach(other -> rows.insert(other, "IN_PROGRESS"));

    List<TargetSharer> found = sharers("faces/2026", 0);

    assertThat(found).extracting(TargetSharer::id).containsExactly(below, same, above);
    assertThat(found.get(1))
        .isEqualTo(
            new TargetSharer(
                same,
                String.valueOf(same),
                "zhang",
                "张三",
                TaskState.IN_PROGRESS,
                "faces/2026",
                false));
    assertThat(sharers("faces/2026", same)).extracting(TargetSharer::id).doesNotContain(same);
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void onlyThoseThatAreUnfinishedCount(TaskState state) {
    rows.insert("state-" + state, state.name());

    assertThat(sharers("state-" + state, 0)).hasSize(state.isUnfinished() ? 1 : 0);
  }

  @Test
  void ofManyTheLatestAreNamed() {
    long last = rows.insert(25, "many/same", "CREATED");

    assertThat(sharers("many", 0))
        .hasSize(20)
        .extracting(TargetSharer::id)
        .startsWith(last, last - 1)
        .endsWith(last - 19);
  }

  @Test
  void amongAHundredThousandTasksAnIndexFindsThem() throws SQLException {
    rows.insert(100_000, "archive/old", "COMPLETED");
    rows.insert(500, "archive/new", "CREATED");

    assertThat(plan()).contains("download_task_unfinished").doesNotContain("Seq Scan on download");
  }

  /** As the server has it, whose statements keep one plan whatever is asked for (ADR 15). */
  private static String plan() throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("analyze download_task");
      connection.setAutoCommit(false);
      statement.execute("set local plan_cache_mode = force_generic_plan");
      statement.execute(
          "prepare sharing (bigint, text, text, text) as "
              + TaskRepository.SHARING_TARGET.replace('?', '$'));
      try (ResultSet lines =
          statement.executeQuery(
              "explain execute sharing (0, 'archive', 'archive/', 'archive0')")) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      connection.rollback();
    }
    return plan.toString();
  }
}
