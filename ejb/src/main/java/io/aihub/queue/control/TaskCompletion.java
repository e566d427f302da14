package io.aihub.queue.control;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Finds tasks that have nothing left to do. */
@Dependent
public class TaskCompletion {

  private static final String DONE =
      """
      t.state = 'IN_PROGRESS'
        and exists (select 1 from index_ingest i where i.task_id = t.id and i.state = 'READ')
        and not exists (select 1 from failure_retry r where r.task_id = t.id)
        and not exists (select 1 from segment s where s.task_id = t.id and not s.closed)
      """;

  private final Jdbi jdbi;

  @Inject
  public TaskCompletion(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Tasks in progress all of whose lines are accounted for in storage, as far as one can see. */
  public List<Long> candidates() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select t.id from download_task t where " + DONE)
                .mapTo(Long.class)
                .list());
  }

  /**
   * Whether it is still so. From here to the end of the transaction nobody changes the task, nor
   * asks for its failures to be tried again.
   */
  public boolean isCertain(long taskId) {
    return jdbi.withHandle(
        handle -> {
          handle.execute("select 1 from download_task where id = ? for no key update", taskId);
          // a statement of its own, that sees what was done while it waited for the lock
          Optional<Integer> done =
              handle
                  .createQuery("select 1 from download_task t where t.id = :id and " + DONE)
                  .bind("id", taskId)
                  .mapTo(Integer.class)
                  .findOne();
          return done.isPresent();
        });
  }
}
