package io.aihub.queue.control;

import io.aihub.queue.control.LeaseOrder.Open;
import io.aihub.queue.control.LeaseOrder.Resume;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.control.WorkFinder.Found;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * Carries out the orders of many workers in one transaction: locks the leases, then the segments,
 * works everything out in memory and writes it in a few statements, whose number hardly depends on
 * that of the orders. Everything slow, storage above all, is done before.
 */
@Dependent
public class LeaseBatch {

  private final Jdbi jdbi;
  private final Clock clock;
  private final LeaseRepository leases;
  private final FailureLog failures;
  private final LineSupply supply;
  private final LedgerWriter writer;
  private final RetryPolicy retries;

  @Inject
  public LeaseBatch(
      Jdbi jdbi,
      Clock clock,
      LeaseRepository leases,
      FailureLog failures,
      LineSupply supply,
      LedgerWriter writer,
      RetryPolicy retries) {
    this.jdbi = jdbi;
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
    RoundTrip before = new RoundTrip(jdbi);
    Question<Lease> held = lock(before, drafts);
    Question<Found> work = supply.ask(before, drafts, now);
    before.make();
    fence(drafts, held.rows(), now);
    LineSupply.Shift shift = supply.begin(drafts, work.rows(), entries, now);
    drafts.stream().filter(LeaseDraft::isSettling).forEach(draft -> count(draft, entries, now));
    drafts.forEach(shift::handOut);
    RoundTrip after = new RoundTrip(jdbi);
    writer.write(after, entries);
    leases.insert(after, changed(drafts, true));
    leases.update(after, changed(drafts, false));
    after.make();
    writer.writeFailures(entries, now);
    shift.end();
    return new Done(drafts.stream().map(LeaseDraft::answer).toList(), shift.wanted());
  }

  private Question<Lease> lock(RoundTrip trip, List<LeaseDraft> drafts) {
    List<UUID> ids =
        drafts.stream()
            .map(draft -> draft.order)
            .filter(order -> !(order instanceof Open))
            .map(LeaseOrder::leaseId)
            .toList();
    return ids.isEmpty() ? Question.unasked() : leases.lock(trip, ids);
  }

  /** Lets no report pass but that of the holder, for what it holds now. */
  private static void fence(List<LeaseDraft> drafts, List<Lease> locked, Instant now) {
    Map<UUID, Lease> held =
        locked.stream().collect(Collectors.toMap(Lease::id, Function.identity()));
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
