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
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
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

  /** By how much the clocks of two servers may differ, generously. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

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

  /** Whether it is known beforehand what these orders have to lock, so that others may join. */
  boolean isForeseeable(List<LeaseOrder> orders) {
    return supply.isForeseeable(orders);
  }

  /**
   * Begins to carry out orders within the caller's transaction: asks and locks what they need.
   *
   * @param first at most one for each lease; further ones may join, see {@link Begun#admits}
   * @param trusting whether to rely on what this server remembers of leases and segments, which
   *     saves a trip to the database and the locks of leases
   */
  Begun begin(List<LeaseOrder> first, boolean trusting) {
    Instant now = clock.instant();
    Begun begun = new Begun(first);
    if (trusting) {
      first.stream().filter(order -> isOurs(order, now)).forEach(begun::trust);
    }
    RoundTrip trip = new RoundTrip(jdbi);
    begun.held = lock(trip, first, begun.trusted);
    begun.work = supply.ask(trip, first, now);
    if (trusting && isForeseeable(first)) {
      supply.expect(trip, first, begun.locks);
    }
    trip.make();
    return begun;
  }

  /** A transaction that has asked and locked what its first orders need. */
  final class Begun {

    private final Set<LeaseOrder> first = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> tags;
    private final Set<UUID> trusted = new HashSet<>();
    private final SegmentLocks locks = new SegmentLocks(jdbi);
    private Question<Lease> held;
    private Question<Found> work;

    private Begun(List<LeaseOrder> first) {
      this.first.addAll(first);
      this.tags = LineSupply.tags(first);
    }

    private void trust(LeaseOrder order) {
      trusted.add(order.leaseId());
    }

    /**
     * Whether an order can be carried out with what is asked and locked already; the others are for
     * the next transaction.
     */
    boolean admits(LeaseOrder order) {
      if (first.contains(order)) {
        return true;
      }
      boolean provided = order.capacity() == 0 || tags.contains(order.machine().tag());
      if (!locks.expectedAny() || order.patient() || !provided) {
        return false;
      }
      if (order instanceof Settle settle
          && isOurs(order, clock.instant())
          && locks.tried(settle.lease().segment())) {
        trust(order);
        return true;
      }
      return order instanceof Open;
    }

    /**
     * Carries orders out. One that is refused changes nothing and leaves the others alone.
     *
     * @param orders the first ones, and those that were admitted
     * @throws Overtaken where what was relied upon has turned out wrong: nothing may be committed
     */
    Done finish(List<LeaseOrder> orders) {
      Instant now = clock.instant();
      List<LeaseDraft> drafts = orders.stream().map(LeaseDraft::new).toList();
      SegmentEntries entries = new SegmentEntries();
      fence(drafts, held.rows(), trusted, now);
      LineSupply.Shift shift = supply.begin(drafts, work.rows(), locks, entries, now);
      drafts.stream().filter(LeaseDraft::isSettling).forEach(draft -> count(draft, entries, now));
      drafts.forEach(shift::handOut);
      write(drafts, entries);
      writer.writeFailures(entries, now);
      shift.end();
      return new Done(drafts.stream().map(LeaseDraft::answer).toList(), shift.wanted());
    }

    private void write(List<LeaseDraft> drafts, SegmentEntries entries) {
      RoundTrip trip = new RoundTrip(jdbi);
      Question<SegmentId> settled = writer.write(trip, entries);
      LeaseWriter.insert(trip, changed(drafts, true));
      List<Lease> goingOn = changed(drafts, false);
      Question<UUID> updated = LeaseWriter.update(trip, goingOn, trusted);
      Set<Long> providers =
          drafts.stream()
              .filter(draft -> draft.taken != null && !first.contains(draft.order))
              .map(draft -> draft.taken.segment().taskId())
              .collect(Collectors.toSet());
      Question<Long> inProgress = WorkFinder.inProgress(trip, providers);
      trip.make();
      // who joined may have asked after a task was stopped, which happened after the first trip
      if (updated.rows().size() < goingOn.size() || inProgress.rows().size() < providers.size()) {
        throw new Overtaken();
      }
      drafts.forEach(draft -> draft.noteSettled(settled.rows()));
    }
  }

  /**
   * Whether this server knows enough of the lease that is settled: it granted it itself, and so
   * short a time ago that nobody else has reason to touch it. Its row isn't locked but changed on
   * condition, so the fence is as sharp. None that a timer or a worker without lines may be about
   * to lock, for these lock leases before segments.
   */
  private static boolean isOurs(LeaseOrder order, Instant now) {
    Instant soon = now.plus(CLOCK_DIFFERENCE);
    return order instanceof Settle settle
        && settle.lease().isHeldAt(soon)
        && settle.lease().withdrawn().isEmpty()
        && settle.lease().progress() == 0 // so it was granted then
        && settle.lease().progressAt().plus(SlowLeases.UNDIVIDED).isAfter(soon);
  }

  private Question<Lease> lock(RoundTrip trip, List<LeaseOrder> orders, Set<UUID> trusted) {
    List<UUID> ids =
        orders.stream()
            .filter(order -> !(order instanceof Open))
            .map(LeaseOrder::leaseId)
            .filter(id -> !trusted.contains(id))
            .toList();
    return ids.isEmpty() ? Question.unasked() : leases.lock(trip, ids);
  }

  /** Lets no report pass but that of the holder, for what it holds now. */
  private static void fence(
      List<LeaseDraft> drafts, List<Lease> locked, Set<UUID> trusted, Instant now) {
    Map<UUID, Lease> held =
        locked.stream().collect(Collectors.toMap(Lease::id, Function.identity()));
    for (LeaseDraft draft : drafts) {
      Lease lease = held.get(draft.order.leaseId());
      if (draft.order instanceof Settle settle) {
        try {
          draft.lease =
              current(trusted.contains(settle.leaseId()) ? settle.lease() : lease, settle, now);
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
    lease.requireCurrent(report.lease().sequence(), now);
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
