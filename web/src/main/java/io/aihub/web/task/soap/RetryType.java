package io.aihub.web.task.soap;

import io.aihub.queue.api.RetryAnswer;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;

/** Failed lines are going to be tried again. */
@SuppressWarnings("UnusedVariable") // JAXB reads the fields
@XmlType(name = "Retry")
public class RetryType {

  /** The task, in progress. */
  @XmlElement(required = true)
  private TaskType task;

  /** How many lines. */
  @XmlElement(required = true)
  private long lines;

  protected RetryType() {} // for JAXB

  static RetryType of(RetryAnswer answer) {
    RetryType type = new RetryType();
    type.task = TaskType.of(answer.task());
    type.lines = answer.lines();
    return type;
  }
}
