package io.aihub.queue.control;

import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Divides leases that go slowly when a tag has nothing else to hand out: the later half of the
 * lines that aren't begun goes to a worker that has none. The slow worker is told when it renews;
 * should it have fetched one of them meanwhile, that result counts for nothing. No counter changes,
 * so no segment is locked.
 */
@Dependent
public class SlowLeases {

  /** How long a lease is left alone before lines of it may go to workers that have none. */
  static final Duration UNDIVIDED = Duration.ofSeconds(20);

  private final LeaseRepository leases;
  private final LeasedTasks tasks;
  private final SegmentTexts texts;

  @Inject
  public SlowLeases(LeaseRepository leases, LeasedTasks tasks, SegmentTexts texts) {
    this.leases = leases;
    this.tasks = tasks;
    this.texts = texts;
  }

  /**
   * What came of it.
   *
   * @param unread the segment whose text has to be read first, if that is why nothing was taken
   */
  record Division(Optional<TakenLines> taken, Set<SegmentId> unread) {}

  /**
   * Takes lines from the lease of a tag that is furthest from its end.
   *
   * @param capacity lines at most
   * @param settling leases that this transaction settles
   */
  Division divide(String tag, int capacity, Collection<UUID> settling, Instant now) {
    Optional<Lease> slowest = leases.lockSlowest(tag, now.minus(UNDIVIDED), settling, now);
    if (slowest.isEmpty()) {
      return new Division(Optional.empty(), Set.of());
    }
    Lease lease = slowest.get();
    Optional<SegmentText> text = texts.cached(lease.segment());
    if (text.isEmpty()) {
      return new Division(Optional.empty(), Set.of(lease.segment()));
    }
    int begun = lease.progress() + 1;
    int untouched = lease.lines().size() - begun;
    int taken = Math.min((untouched + 1) / 2, capacity);
    List<Long> lines = lease.lines().subList(lease.lines().size() - taken, lease.lines().size());
    leases.withdraw(lease.id(), lines);
    TakenLines withdrawn =
        new TakenLines(
            lease.segment(),
            LeaseKind.RANGE,
            lease.losses(),
            tasks.facts(lease.segment().taskId()).scriptSha256(),
            lines.stream().map(line -> text.get().leased(line, lease.losses() + 1)).toList());
    return new Division(Optional.of(withdrawn), Set.of());
  }
}
