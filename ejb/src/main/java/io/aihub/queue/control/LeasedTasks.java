package io.aihub.queue.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jdbi.v3.core.Jdbi;

/** What the holder of a lease needs to know of its task. */
@ApplicationScoped
public class LeasedTasks {

  private static final int REMEMBERED = 10_000;

  private Jdbi jdbi;
  private final Cache<Long, TaskFacts> known =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  protected LeasedTasks() {} // for the CDI proxy

  @Inject
  public LeasedTasks(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What never changes once a task is in progress. */
  public record TaskFacts(String target, String scriptSha256, boolean overwrite) {}

  public TaskFacts facts(long taskId) {
    return known.get(taskId, this::read);
  }

  private TaskFacts read(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select target_path, script_sha256, overwrite from download_task where id = :id")
                .bind("id", taskId)
                .map(
                    (row, context) ->
                        new TaskFacts(
                            row.getString("target_path"),
                            row.getString("script_sha256"),
                            row.getBoolean("overwrite")))
                .one());
  }

  /** Whether the lines of the task need not be fetched any more. */
  public boolean isCancelled(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select state = 'CANCELLED' from download_task where id = :id")
                .bind("id", taskId)
                .mapTo(Boolean.class)
                .one());
  }
}
