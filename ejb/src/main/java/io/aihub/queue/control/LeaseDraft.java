package io.aihub.queue.control;

import io.aihub.queue.control.LeaseOrder.Open;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.SegmentId;
import io.aihub.queue.entity.SettleCounts;
import io.aihub.shared.BusinessException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An order on its way through a {@link LeaseBatch}. */
final class LeaseDraft {

  final LeaseOrder order;

  /** As it will be written; null where the order has none, or none yet. */
  Lease lease;

  /** Whether the lease has to be written. */
  boolean changed;

  BusinessException refusal;
  SettleCounts counts;
  TakenLines taken;
  final Set<SegmentId> unread = new LinkedHashSet<>();
  boolean busy;

  /** Whether the segment of the report has all its outcomes now. */
  private boolean settlesSegment;

  LeaseDraft(LeaseOrder order) {
    this.order = order;
  }

  boolean isOpening() {
    return order instanceof Open;
  }

  boolean isSettling() {
    return refusal == null && order instanceof Settle;
  }

  boolean wantsLines() {
    return refusal == null && order.capacity() > 0 && (lease != null || isOpening());
  }

  String tag() {
    return order.machine().tag();
  }

  /** Puts lines into the lease. */
  void hold(TakenLines lines, Instant now, Instant until) {
    if (order instanceof Open open) {
      lease = Lease.opened(open.leaseId(), open.machine(), open.worker(), now);
    }
    taken = lines;
    lease = lease.moveOn(lines.segment(), lines.kind(), lines.lines(), lines.losses(), now, until);
    changed = true;
    busy = false;
    unread.clear();
  }

  /**
   * @param settled segments whose last outcome this transaction has counted
   */
  void noteSettled(Collection<SegmentId> settled) {
    settlesSegment = isSettling() && settled.contains(((Settle) order).lease().segment());
  }

  /** A {@link LeaseResult}, or the {@link BusinessException} with which the order is refused. */
  Object answer() {
    return refusal != null
        ? refusal
        : new LeaseResult(
            counts, settlesSegment, taken, taken == null ? null : lease, List.copyOf(unread), busy);
  }
}
