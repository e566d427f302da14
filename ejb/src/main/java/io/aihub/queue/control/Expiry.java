package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.control.FailureLog.Failure;
import io.aihub.queue.control.FailureLog.Past;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes lines back from workers that have vanished. A range that takes worker after worker with it
 * is halved time and again, until the one line that does it stands alone and fails as {@link
 * FailureClass#LOST}.
 */
@Dependent
public class Expiry {

  /** How often lines may be lost before they are suspected. */
  static final int MAX_LOSSES = 3;

  private static final Duration REMEMBERED = Duration.ofMinutes(15);

  private final Jdbi jdbi;
  private final LeaseRepository leases;
  private final LedgerWriter writer;
  private final FailureLog failures;
  private final SegmentTexts texts;

  @Inject
  public Expiry(
      Jdbi jdbi,
      LeaseRepository leases,
      LedgerWriter writer,
      FailureLog failures,
      SegmentTexts texts) {
    this.jdbi = jdbi;
    this.leases = leases;
    this.writer = writer;
    this.failures = failures;
    this.texts = texts;
  }

  /**
   * Takes the lines of expired leases back, {@code limit} leases at most; returns how many. It
   * waits for segments alone, and before it locks leases: others have segments and want leases, or
   * leases and want segments.
   */
  public int reclaim(Instant now, int limit) {
    Map<UUID, SegmentId> found = leases.findExpired(now, limit);
    if (found.isEmpty()) {
      return 0;
    }
    Set<SegmentId> segments = Set.copyOf(found.values());
    new SegmentLocks(jdbi).complete(segments, Set.of());
    List<Lease> expired =
        leases.lockExpired(found.keySet(), now).stream()
            .filter(lease -> segments.contains(lease.segment())) // it hasn't moved on meanwhile
            .toList();
    SegmentEntries entries = new SegmentEntries();
    for (Lease lease : expired) {
      SegmentEntry entry = entries.of(lease.segment());
      if (lease.kind() == LeaseKind.RETRY) {
        reclaimRetries(lease, entry, now);
      } else {
        reclaimRange(lease, entry, now);
      }
      leases.expire(lease.id());
    }
    writer.write(entries, now);
    return expired.size();
  }

  /** Gives every lease that is held at least until {@code until}. */
  public int extend(Instant until) {
    return leases.extend(until);
  }

  /** Forgets leases that ended long ago. */
  public int forget(Instant now) {
    return leases.forget(now.minus(REMEMBERED));
  }

  private void reclaimRange(Lease lease, SegmentEntry entry, Instant now) {
    List<Long> lines = lease.lines();
    int losses = lease.losses() + 1;
    entry.change.leased -= lines.size();
    if (losses >= MAX_LOSSES && lines.size() == 1) {
      fail(lost(lease, lines.get(0), 0, losses, null, now), null, entry);
      return;
    }
    entry.change.returned += lines.size();
    if (losses >= MAX_LOSSES) {
      int half = lines.size() / 2;
      entry.giveBack(lines.subList(0, half), losses);
      entry.giveBack(lines.subList(half, lines.size()), losses);
    } else {
      entry.giveBack(lines, losses);
    }
  }

  private void reclaimRetries(Lease lease, SegmentEntry entry, Instant now) {
    Map<Long, Past> past = failures.past(lease.segment().taskId(), lease.lines());
    entry.change.leased -= lease.lines().size();
    for (long line : lease.lines()) {
      Past before = past.get(line);
      if (before.losses() + 1 >= MAX_LOSSES) {
        fail(lost(lease, line, before.attempts(), before.losses() + 1, before, now), before, entry);
      } else {
        entry.change.waiting++;
        entry.lost.add(line);
      }
    }
  }

  private Failure lost(Lease lease, long line, int attempts, int losses, Past before, Instant now) {
    String text = texts.cached(lease.segment()).map(known -> known.line(line).text()).orElse(null);
    String message =
        "The workers that held this line vanished, "
            + losses
            + " times in all"
            + (before == null ? "." : "; before that it failed as " + before.failureClass() + ".");
    return new Failure(
        line,
        text,
        attempts,
        losses,
        null,
        FailureClass.LOST,
        message,
        null,
        lease.machineName(),
        now);
  }

  private static void fail(Failure failure, Past before, SegmentEntry entry) {
    entry.change.failed++;
    entry.failed.add(failure);
    if (before != null) {
      entry.failureCounts.pending(before.failureClass(), -1);
    }
    entry.failureCounts.failed(failure.failureClass(), 1);
    entry.manifest.failed(
        failure.line(),
        failure.failureClass(),
        failure.message(),
        failure.attempts() + failure.losses() + (before == null ? 0 : before.earlier()),
        failure.machine(),
        failure.at());
  }
}
