package io.aihub.testbed;

import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskType;
import io.aihub.task.api.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Hands tasks in as people do: the submitter uploads index and script and fills the form in, the
 * receiver approves.
 *
 * @param submitter interface of one person
 * @param receiverName username of the other
 * @param receiver interface of the other
 */
public record Submission(Testbed testbed, Api submitter, String receiverName, Api receiver) {

  /** Makes both accounts. */
  public static Submission withPeople(Testbed testbed, String password) {
    Api admin = testbed.admin();
    admin.createUser("lixiao", "李晓", password, false);
    admin.createUser("wangfang", "王芳", password, false);
    return new Submission(
        testbed, testbed.user("wangfang", password), "lixiao", testbed.user("lixiao", password));
  }

  /** The script of the user's own description, unmodified. */
  public static Path seedScript(Testbed testbed) {
    return testbed.sources("src-docs").resolve("samples/seed_download.py");
  }

  /**
   * Submits a task and has it approved.
   *
   * @param tag of the machines that shall work on it
   * @param target where its files go below the bucket, and the name of its index
   */
  public TaskView submit(String name, String tag, String target, RequestBody index, Path script)
      throws IOException {
    String key = target + "/urls.txt";
    try (S3Client storage = testbed.storage().client()) {
      storage.putObject(request -> request.bucket(Testbed.INDEX_BUCKET).key(key), index);
    }
    Api.Script version =
        submitter.uploadScript(script.getFileName().toString(), Files.readString(script));
    TaskView task =
        submitter.createTask(
            new NewTask(
                name,
                Priority.LOW,
                Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS),
                TaskType.DATA_DOWNLOAD,
                null,
                receiverName,
                tag,
                "s3://" + Testbed.INDEX_BUCKET + "/" + key,
                null,
                target,
                "演示数据，约 60 MB / demo data, some 60 MB",
                version.sha256(),
                null,
                null,
                null,
                null,
                null));
    return receiver.act(task.id(), "approve", "同意 / go ahead");
  }

  /**
   * Waits until a task is as wanted, through failures of the server to answer.
   *
   * @param what the condition as a sentence
   */
  public Api.TaskDetail await(
      long taskId, String what, Duration limit, Predicate<Api.TaskDetail> condition) {
    AtomicReference<Api.TaskDetail> last = new AtomicReference<>();
    Waiting.until(
        "task " + taskId + ": " + what + "; logs in " + testbed.logs(),
        limit,
        () -> {
          last.set(submitter.task(taskId));
          return condition.test(last.get());
        });
    return last.get();
  }

  /** Waits until nothing more happens to a task. */
  public Api.TaskDetail awaitEnd(long taskId, Duration limit) {
    return await(
        taskId, "it ends", limit, detail -> detail.task().state() != TaskState.IN_PROGRESS);
  }
}
