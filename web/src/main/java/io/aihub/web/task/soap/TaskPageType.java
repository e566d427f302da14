package io.aihub.web.task.soap;

import io.aihub.shared.Page;
import io.aihub.task.api.TaskView;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;

/** One page of the list of tasks. */
@SuppressWarnings("UnusedVariable") // JAXB reads the fields
@XmlType(name = "TaskPage")
public class TaskPageType {

  private final List<TaskType> task = new ArrayList<>();

  @XmlElement(required = true)
  private int offset;

  @XmlElement(required = true)
  private long total;

  protected TaskPageType() {} // for JAXB

  static TaskPageType of(Page<TaskView> page) {
    TaskPageType type = new TaskPageType();
    page.items().forEach(item -> type.task.add(TaskType.of(item)));
    type.offset = page.offset();
    type.total = page.total();
    return type;
  }
}
