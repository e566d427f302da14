package io.aihub.web.task;

import io.aihub.queue.api.TaskLimits;
import io.aihub.queue.boundary.LimitService;
import io.aihub.shared.BusinessException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Notices;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** The limits of the task that a page shows. */
@Named("taskLimits")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class TaskLimitsBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private LimitService limits;
  @Inject private CurrentUser user;
  @Inject private Notices notices;

  private Integer maxLeases;
  private Integer linesPerSecond;

  /** Shows what holds now. */
  public void open(long taskId) {
    TaskLimits now = limits.ofTask(taskId);
    maxLeases = now.maxLeases();
    linesPerSecond = now.linesPerSecond();
  }

  public void save(long taskId) {
    try {
      limits.limit(user.getUsername(), taskId, new TaskLimits(maxLeases, linesPerSecond));
      notices.done("detail.limits.done");
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
  }

  /** Null for no limit. */
  public Integer getMaxLeases() {
    return maxLeases;
  }

  public void setMaxLeases(Integer maxLeases) {
    this.maxLeases = maxLeases;
  }

  /** Null for no limit. */
  public Integer getLinesPerSecond() {
    return linesPerSecond;
  }

  public void setLinesPerSecond(Integer linesPerSecond) {
    this.linesPerSecond = linesPerSecond;
  }
}
