package io.aihub.task.api;

/** The kinds of task (任务类型) that the form offers. */
public enum TaskType {
  DATA_DOWNLOAD
}
