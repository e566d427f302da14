package io.aihub.queue.boundary;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LedgerView;
import io.aihub.shared.Page;
import jakarta.ejb.Stateless;
import java.util.Collection;
import java.util.Map;

/** Reads what has become of the lines of tasks. */
@Stateless
public class LedgerService {

  /** The ledger of one task; all zero where nothing of its index has been read. */
  public LedgerView ledger(long taskId) {
    throw new UnsupportedOperationException();
  }

  /** The ledgers of many tasks by task id, for lists; every id asked for has an entry. */
  public Map<Long, LedgerView> ledgers(Collection<Long> taskIds) {
    throw new UnsupportedOperationException();
  }

  /** How many lines of a task have failed for good, by class. */
  public Map<FailureClass, Long> failuresByClass(long taskId) {
    throw new UnsupportedOperationException();
  }

  /**
   * A page of the failure log in the order of the lines.
   *
   * @param only show this class alone; null means all
   * @param finalOnly leave out lines that wait to be tried again
   */
  public Page<FailureView> failures(
      long taskId, FailureClass only, boolean finalOnly, int offset, int limit) {
    throw new UnsupportedOperationException();
  }
}
