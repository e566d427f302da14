package io.aihub.queue.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.aihub.script.api.ScriptOptions;
import io.aihub.script.entity.RunSettings;
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

  /**
   * What never changes once a task is in progress.
   *
   * @param options null for the usual way to run a script
   */
  public record TaskFacts(
      String target, String scriptSha256, boolean overwrite, ScriptOptions options) {}

  public TaskFacts facts(long taskId) {
    return known.get(taskId, this::read);
  }

  private TaskFacts read(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select target_path, script_sha256, overwrite, allowed_hosts, java_wire
                    from download_task where id = :id
                    """)
                .bind("id", taskId)
                .map(
                    (row, context) ->
                        new TaskFacts(
                            row.getString("target_path"),
                            row.getString("script_sha256"),
                            row.getBoolean("overwrite"),
                            RunSettings.options(
                                row.getString("allowed_hosts"), row.getBoolean("java_wire"))))
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
