package io.aihub.benchmark;

import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api.TaskDetail;
import io.aihub.testbed.Folders;
import io.aihub.testbed.StoredObjects;
import io.aihub.testbed.Submission;
import io.aihub.testbed.Waiting;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/**
 * Has a task's files downloaded and landed in storage, and looks whether they are all there and the
 * ledger adds up. A file that is missing or different makes it fail.
 */
final class Landing {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int A_FOLDER = 1000;

  /** Asked of the database itself: by the server's interface, asking would cost much more. */
  private static final String PROGRESS =
      """
      select coalesce(sum(s.cursor), 0), coalesce(sum(s.succeeded + s.failed + s.skipped), 0),
        t.state <> 'IN_PROGRESS'
      from download_task t left join segment s on s.task_id = t.id where t.id = ? group by t.state
      """;

  private final Pipeline pipeline;
  private int tasks;

  Landing(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /**
   * What a task took.
   *
   * @param seconds from the first lease until all its lines are settled
   * @param cpu from its submission until it is completed, its manifest written
   */
  record Landed(int files, double seconds, Pipeline.Cpu cpu) {

    double perSecond() {
      return files / seconds;
    }
  }

  /** How many lines of a task were handed out, how many are settled, and whether it has ended. */
  private record Progress(int leased, int settled, boolean ended) {}

  /**
   * Lands files of one size.
   *
   * @param base address below which every name is such a file
   * @param bytes size of the file
   */
  Landed land(int files, String base, int bytes) throws IOException, SQLException {
    Pipeline.Cpu before = pipeline.cpu();
    String name = "landing-" + ++tasks;
    TaskView task =
        pipeline
            .people()
            .submit(
                name,
                Pipeline.TAG,
                name,
                RequestBody.fromString(index(files, base)),
                Submission.seedScript(pipeline.testbed()));
    double seconds;
    try (Connection connection = pipeline.testbed().postgres().connect();
        PreparedStatement progress = connection.prepareStatement(PROGRESS)) {
      progress.setLong(1, task.id());
      await(progress, "a line is leased", now -> now.leased() > 0);
      long begin = System.nanoTime();
      await(progress, "all is settled", now -> now.settled() == files);
      seconds = (System.nanoTime() - begin) / 1e9;
      await(progress, "it ends", Progress::ended);
    }
    Landed landed = new Landed(files, seconds, pipeline.cpu().since(before));
    check(pipeline.people().submitter().task(task.id()), files, bytes);
    Folders.delete(pipeline.bucket().resolve(task.targetPath()));
    return landed;
  }

  private static String index(int files, String base) {
    StringBuilder text = new StringBuilder();
    for (int file = 0; file < files; file++) {
      text.append(base).append('/').append(file).append(".jpg|==|/");
      text.append(file / A_FOLDER).append("/_/").append(file).append(".jpg\n");
    }
    return text.toString();
  }

  private void await(PreparedStatement progress, String what, Predicate<Progress> condition) {
    Waiting.until(
        what + "; logs in " + pipeline.testbed().logs(),
        LIMIT,
        PAUSE,
        () -> {
          if (!pipeline.client().isAlive()) {
            throw new IllegalStateException("The client ended; see " + pipeline.client().log());
          }
          return condition.test(now(progress));
        });
  }

  private static Progress now(PreparedStatement progress) {
    try (ResultSet row = progress.executeQuery()) {
      row.next();
      return new Progress(row.getInt(1), row.getInt(2), row.getBoolean(3));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void check(TaskDetail end, int files, int bytes) throws IOException {
    StoredObjects stored = new StoredObjects(pipeline.bucket(), end.task().targetPath());
    List<String> differences = stored.differencesFromManifest();
    Set<String> keys = new HashSet<>();
    long right = 0;
    for (JsonNode line : stored.manifest()) {
      keys.add(line.path("key").asString(""));
      right += line.path("size").asLong() == bytes ? 1 : 0;
    }
    if (end.task().state() != TaskState.COMPLETED
        || !end.ledger().balances()
        || end.ledger().succeeded() != files
        || keys.size() != files
        || right != files
        || !differences.isEmpty()) {
      throw new IllegalStateException(
          "Of %d files %d landed, %d of the right size; %d differ: %s; %s"
              .formatted(
                  files,
                  keys.size(),
                  right,
                  differences.size(),
                  differences.stream().limit(5).toList(),
                  end));
    }
  }
}
