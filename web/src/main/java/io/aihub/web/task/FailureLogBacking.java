package io.aihub.web.task;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.boundary.LedgerService;
import io.aihub.shared.Page;
import io.aihub.web.support.PagedModel;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.Map;

/** The failure log of the task that the page shows. */
@Named("failureLog")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class FailureLogBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private LedgerService ledgers;
  @Inject private TaskDetailBacking detail;

  private FailureClass only;
  private boolean finalOnly;
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
