package io.aihub.task.api;

/** The states of a download task and the one table of what may follow what. */
public enum TaskState {
  /** 已创建: waits for its receiver. */
  CREATED,
  /** 进行中: approved; its lines are handed out. */
  IN_PROGRESS,
  /** Approved, but no new lines are handed out; those in work may finish. */
  PAUSED,
  /** 已完成: every line succeeded, failed for good or was skipped. */
  COMPLETED,
  /** The receiver said no. */
  REJECTED,
  /** Stopped for good by a person. */
  CANCELLED,
  /**
   * Stopped by the system, which says why; goes on when a person has mended the cause and resumes
   * it.
   */
  FAILED;

  /** Whether the task goes on by itself, or once somebody lets it: its files are yet to come. */
  public boolean isUnfinished() {
    return switch (this) {
      case CREATED, IN_PROGRESS, PAUSED, FAILED -> true;
      case COMPLETED, REJECTED, CANCELLED -> false;
    };
  }

  public boolean canBecome(TaskState next) {
    return switch (this) {
      case CREATED -> next == IN_PROGRESS || next == REJECTED || next == CANCELLED;
      case IN_PROGRESS ->
          next == PAUSED || next == COMPLETED || next == CANCELLED || next == FAILED;
      case PAUSED, FAILED -> next == IN_PROGRESS || next == CANCELLED;
      case COMPLETED -> next == IN_PROGRESS; // where failures are to be tried again
      case REJECTED, CANCELLED -> false;
    };
  }
}
