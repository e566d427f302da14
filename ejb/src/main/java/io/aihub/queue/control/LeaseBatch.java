package io.aihub.queue.control;

import io.aihub.queue.control.LeaseOrder.Open;
import io.aihub.queue.control.LeaseOrder.Resume;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import io.aihub.shared.BusinessException;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Carries out the orders of many workers in one transaction: locks the leases, then the segments,
 * works everything out in memory and writes it in a few statements, whose number hardly depends on
 * that of the orders. Everything slow, storage above all, is done before.
 */
@Dependent
public class LeaseBatch {

  private final Clock clock;
  private final LeaseRepository leases;
  private final FailureLog failures;
  private final LineSupply supply;
  private final LedgerWriter writer;
  private final RetryPolicy retries;

  @Inject
  public LeaseBatch(
      Clock clock,
      LeaseRepository leases,
      FailureLog failures,
      LineSupply supply,
      LedgerWriter writer,
      RetryPolicy retries) {
    this.clock = clock;
    this.leases = leases;
    this.failures = failures;
    this.supply = supply;
    this.writer = writer;
    this.retries = retries;
  }

  /**
   * What came of a batch.
   *
   * @param answers one for each order, in their order: a {@link LeaseResult}, or the {@link
   *     BusinessException} with which the order is refused
   * @param wanted segments that will be handed out soon, but whose text isn't in memory
   */
  record Done(List<Object> answers, Set<SegmentId> wanted) {}

  /**
   * Carries out orders, at most one for each lease, within the caller's transaction. An order that
   * is refused changes nothing and leaves the others alone.
   */
  Done run(List<LeaseOrder> orders) {
    Instant now = clock.instant();
    List<LeaseDraft> drafts = orders.stream().map(LeaseDraft::new).toList();
    SegmentEntries entries = new SegmentEntries();
    fence(drafts, now);
    LineSupply.Shift shift = supply.begin(drafts, entries, now);
    drafts.stream().filter(LeaseDraft::isSettling).forEach(draft -> count(draft, entries, now));
    drafts.forEach(shift::handOut);
    writer.write(entries, now);
    shift.end();
    leases.insert(changed(drafts, true));
    leases.update(changed(drafts, false));
    return new Done(drafts.stream().map(LeaseDraft::answer).toList(), shift.wanted());
  }

  /** Lets no report pass but that of the holder, for what it holds now. */
  private void fence(List<LeaseDraft> drafts, Instant now) {
    List<UUID> ids =
        drafts.stream()
            .map(draft -> draft.order)
            .filter(order -> !(order instanceof Open))
            .map(LeaseOrder::leaseId)
            .toList();
    Map<UUID, Lease> held = leases.lock(ids);
    for (LeaseDraft draft : drafts) {
      Lease lease = held.get(draft.order.leaseId());
      if (draft.order instanceof Settle settle) {
        try {
          draft.lease = current(lease, settle, now);
        } catch (BusinessException refusal) {
          draft.refusal = refusal;
        }
      } else if (draft.order instanceof Resume resume
          && lease != null
          && lease.state() == Lease.State.DONE
          && lease.hasCounted(resume.report())) {
        draft.lease = lease;
      }
    }
  }

  private static Lease current(Lease lease, Settle report, Instant now) {
    if (lease == null) {
      throw new NotFoundException("lease.unknown", report.leaseId());
    }
    lease.requireHolder(report.machine().id());
    lease.requireCurrent(report.sequence(), now);
    return lease;
  }

  private void count(LeaseDraft draft, SegmentEntries entries, Instant now) {
    Settle report = (Settle) draft.order;
    Lease lease = draft.lease;
    Settlement settlement =
        new Settlement(
            lease,
            retries,
            now,
            lease.kind() == LeaseKind.RETRY
                ? failures.past(lease.segment().taskId(), lease.lines())
                : Map.of(),
            entries.of(lease.segment()));
    draft.counts =
        settlement.add(
            lease.withdrawn().isEmpty()
                ? report.results()
                : report.results().stream()
                    .filter(result -> lease.lines().contains(result.line()))
                    .toList(),
            report.text());
    draft.lease = lease.settled(report.report(), draft.counts, now);
    draft.changed = true;
  }

  private static List<Lease> changed(List<LeaseDraft> drafts, boolean opened) {
    return drafts.stream()
        .filter(draft -> draft.changed && draft.isOpening() == opened)
        .map(draft -> draft.lease)
        .toList();
  }
}
