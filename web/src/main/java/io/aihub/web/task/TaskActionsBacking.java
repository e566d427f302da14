package io.aihub.web.task;

import io.aihub.shared.BusinessException;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Notices;
import io.aihub.web.support.TextFormat;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** What the reader may do to the task that the page shows. */
@Named("taskActions")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class TaskActionsBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  private interface Action {
    TaskView on(String actor, long id, String comment);
  }

  @Inject private TaskService tasks;
  @Inject private TaskDetailBacking detail;
  @Inject private CurrentUser user;
  @Inject private Notices notices;
  @Inject private TextFormat text;

  private String comment;
  private Priority chosen;

  public void approve() {
    act(tasks::approve, "detail.approve");
  }

  public void reject() {
    act(tasks::reject, "detail.reject");
  }

  public void pause() {
    act(tasks::pause, "detail.pause");
  }

  public void resume() {
    act(tasks::resume, "detail.resume");
  }

  public void cancel() {
    act(tasks::cancel, "detail.cancel");
  }

  private void act(Action action, String name) {
    try {
      action.on(user.getUsername(), task().id(), comment);
      comment = null;
      notices.done("detail.done", text.message(name));
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    detail.forget();
  }

  public void changePriority() {
    try {
      tasks.changePriority(user.getUsername(), task().id(), chosen);
      notices.done("detail.priority.done", text.label(chosen));
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    chosen = null;
    detail.forget();
  }

  /** What the reader may do about it now is for the receiver alone: approve or reject. */
  public boolean isForMeToDecide() {
    return task().state() == TaskState.CREATED && user.getUsername().equals(task().receiver());
  }

  public boolean isPausable() {
    return detail.isMine() && can(TaskState.PAUSED);
  }

  public boolean isResumable() {
    return detail.isMine()
        && (task().state() == TaskState.PAUSED || task().state() == TaskState.FAILED);
  }

  public boolean isCancellable() {
    return detail.isMine() && can(TaskState.CANCELLED);
  }

  /** Whether there is still an order to change. */
  public boolean isPrioritisable() {
    return isCancellable();
  }

  /** Whether there is anything in the action box for this reader. */
  public boolean isActionable() {
    return isForMeToDecide() || isCancellable();
  }

  private boolean can(TaskState next) {
    return task().state().canBecome(next);
  }

  private TaskView task() {
    return detail.getTask();
  }

  /** What the reader says to it, for the history. */
  public String getComment() {
    return comment;
  }

  public void setComment(String comment) {
    this.comment = comment;
  }

  public Priority[] getPriorities() {
    return Priority.values();
  }

  /** The task's own until the reader chooses another. */
  public Priority getPriority() {
    return chosen == null ? task().priority() : chosen;
  }

  public void setPriority(Priority priority) {
    this.chosen = priority;
  }
}
