package io.aihub.web.task;

import io.aihub.queue.api.LedgerView;
import io.aihub.queue.boundary.LedgerService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.Page;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import io.aihub.web.support.Notices;
import io.aihub.web.support.PagedModel;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** The list of tasks: what is searched for, and one page of what was found. */
@Named("taskList")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class TaskListBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  /** A task and where its lines stand. */
  public record Row(TaskView task, LedgerView ledger) implements Serializable {}

  @Inject private TaskService tasks;
  @Inject private LedgerService ledgers;
  @Inject private Notices notices;

  private TaskState state;
  private String name;
  private final PagedModel<Row> rows = new PagedModel<>(this::page, row -> row.task().id());

  private Page<Row> page(int offset, int limit) {
    try {
      Page<TaskView> page = tasks.list(state, name, offset, limit);
      var byTask = ledgers.ledgers(page.items().stream().map(TaskView::id).toList());
      return new Page<>(
          page.items().stream().map(task -> new Row(task, byTask.get(task.id()))).toList(),
          page.offset(),
          page.total());
    } catch (BusinessException refusal) {
      notices.refused(refusal);
      return new Page<>(List.of(), 0, 0);
    }
  }

  public PagedModel<Row> getRows() {
    return rows;
  }

  public TaskState[] getStates() {
    return TaskState.values();
  }

  /** Whether anything is searched for; an empty list then says something else. */
  public boolean isFiltered() {
    return state != null || name != null;
  }

  public TaskState getState() {
    return state;
  }

  public void setState(TaskState state) {
    this.state = state;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }
}
