package io.aihub.web.task;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.RetryAnswer;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.boundary.FailureRetryService;
import io.aihub.queue.boundary.LedgerService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.Page;
import io.aihub.task.api.TaskState;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Notices;
import io.aihub.web.support.PagedModel;
import io.aihub.web.support.TextFormat;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The failure log of the task that the page shows. */
@Named("failureLog")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class FailureLogBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private LedgerService ledgers;
  @Inject private FailureRetryService retries;
  @Inject private TaskDetailBacking detail;
  @Inject private CurrentUser user;
  @Inject private Notices notices;
  @Inject private TextFormat text;

  private FailureClass only;
  private boolean finalOnly;
  private String comment;
  private transient List<FailureView> selected;
  private transient Map<FailureClass, Long> counts;
  private final PagedModel<FailureView> rows = new PagedModel<>(this::page, FailureView::line);

  private Page<FailureView> page(int offset, int limit) {
    return ledgers.failures(detail.getTask().id(), only, finalOnly, offset, limit);
  }

  public PagedModel<FailureView> getRows() {
    return rows;
  }

  public FailureClass[] getClasses() {
    return FailureClass.values();
  }

  /** Lines of this class that failed for good. */
  public long count(FailureClass failureClass) {
    if (counts == null) {
      counts = ledgers.failuresByClass(detail.getTask().id());
    }
    return counts.getOrDefault(failureClass, 0L);
  }

  public void refresh() {
    counts = null;
    selected = null;
  }

  /** Whether the reader may have failures tried again, and there are any to try. */
  public boolean isRetryable() {
    TaskState state = detail.getTask().state();
    return detail.isMine()
        && (state == TaskState.COMPLETED || state == TaskState.IN_PROGRESS)
        && Arrays.stream(getClasses()).anyMatch(one -> one != FailureClass.INDEX && count(one) > 0);
  }

  /** All of the class that is shown, or all there are. */
  public void retryShown() {
    retry(only == null ? null : List.of(only), null);
  }

  /** The lines that the reader has marked. */
  public void retrySelected() {
    if (selected == null || selected.isEmpty()) {
      notices.refused("detail.retry.noneSelected");
      return;
    }
    retry(null, selected.stream().map(FailureView::line).toList());
  }

  private void retry(List<FailureClass> classes, List<Long> lines) {
    try {
      RetryAnswer answer =
          retries.retry(
              user.getUsername(), detail.getTask().id(), new RetryRequest(classes, lines, comment));
      comment = null;
      notices.done("detail.retry.done", text.number(answer.lines()));
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    refresh();
    detail.forget();
  }

  /** The rows that the reader has marked on the page that is shown; null where none. */
  public List<FailureView> getSelected() {
    return selected;
  }

  public void setSelected(List<FailureView> selected) {
    this.selected = selected;
  }

  /** Why they are tried again, for the history. */
  public String getComment() {
    return comment;
  }

  public void setComment(String comment) {
    this.comment = comment;
  }

  /** The class that alone is shown; null for all. */
  public FailureClass getOnly() {
    return only;
  }

  public void setOnly(FailureClass only) {
    this.only = only;
  }

  public boolean isFinalOnly() {
    return finalOnly;
  }

  public void setFinalOnly(boolean finalOnly) {
    this.finalOnly = finalOnly;
  }
}
