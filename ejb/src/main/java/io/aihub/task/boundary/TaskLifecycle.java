package io.aihub.task.boundary;

import io.aihub.shared.Reason;
import io.aihub.task.api.TaskState;
import io.aihub.task.entity.DownloadTask;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;

/** The transitions that the system makes by itself. */
@Stateless
public class TaskLifecycle {

  @PersistenceContext private EntityManager entities;
  @Inject private Clock clock;

  /** Every line is settled. Changes nothing where the task isn't in progress any more. */
  public void complete(long taskId) {
    DownloadTask task = inProgress(taskId);
    if (task != null) {
      entities.persist(task.complete(clock.instant()));
    }
  }

  /**
   * The task can't go on before a person mends what {@code why} names. Changes nothing where it
   * isn't in progress any more.
   */
  public void fail(long taskId, Reason why) {
    DownloadTask task = inProgress(taskId);
    if (task != null) {
      entities.persist(task.fail(clock.instant(), why));
    }
  }

  private DownloadTask inProgress(long taskId) {
    DownloadTask task = entities.find(DownloadTask.class, taskId, LockModeType.PESSIMISTIC_WRITE);
    return task != null && task.state() == TaskState.IN_PROGRESS ? task : null;
  }
}
