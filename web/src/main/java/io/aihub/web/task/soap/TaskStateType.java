package io.aihub.web.task.soap;

import jakarta.xml.bind.annotation.XmlEnum;
import jakarta.xml.bind.annotation.XmlType;

/** The states of a task. The constants are those of {@link io.aihub.task.api.TaskState}. */
@XmlEnum
@XmlType(name = "TaskState")
public enum TaskStateType {
  CREATED,
  IN_PROGRESS,
  PAUSED,
  COMPLETED,
  REJECTED,
  CANCELLED,
  FAILED
}
