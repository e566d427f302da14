package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.control.FailureLog.Failure;
import io.aihub.queue.control.FailureLog.Past;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  private final LeaseRepository leases;
  private final SegmentRepository segments;
  private final FailureLog failures;
  private final SegmentTexts texts;

  @Inject
  public Expiry(
      LeaseRepository leases, SegmentRepository segments, FailureLog failures, SegmentTexts texts) {
    this.leases = leases;
    this.segments = segments;
    this.failures = failures;
    this.texts = texts;
  }

  /** Takes the lines of expired leases back, {@code limit} leases at most; returns how many. */
  public int reclaim(Instant now, int limit) {
    List<Lease> expired = leases.lockExpired(now, limit);
    for (Lease lease : expired) {
      if (lease.kind() == LeaseKind.RETRY) {
        reclaimRetries(lease, now);
      } else {
        reclaimRange(lease, now);
      }
      leases.expire(lease.id());
    }
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

  private void reclaimRange(Lease lease, Instant now) {
    List<Long> lines = lease.lines();
    int losses = lease.losses() + 1;
    SegmentChange change = new SegmentChange();
    change.leased = -lines.size();
    if (losses >= MAX_LOSSES && lines.size() == 1) {
      change.failed = 1;
      segments.change(lease.segment(), change);
      fail(lease, List.of(lost(lease, lines.get(0), 0, losses, null, now)), Map.of());
      return;
    }
    change.returned = lines.size();
    segments.change(lease.segment(), change);
    if (losses >= MAX_LOSSES) {
      int half = lines.size() / 2;
      segments.giveBack(lease.segment(), lines.subList(0, half), losses);
      segments.giveBack(lease.segment(), lines.subList(half, lines.size()), losses);
    } else {
      segments.giveBack(lease.segment(), lines, losses);
    }
  }

  private void reclaimRetries(Lease lease, Instant now) {
    Map<Long, Past> past = failures.past(lease.segment().taskId(), lease.lines());
    List<Failure> dead = new ArrayList<>();
    List<Long> again = new ArrayList<>();
    for (long line : lease.lines()) {
      Past before = past.get(line);
      if (before.losses() + 1 >= MAX_LOSSES) {
        dead.add(lost(lease, line, before.attempts(), before.losses() + 1, before, now));
      } else {
        again.add(line);
      }
    }
    SegmentChange change = new SegmentChange();
    change.leased = -lease.lines().size();
    change.waiting = again.size();
    change.failed = dead.size();
    segments.change(lease.segment(), change);
    failures.lose(lease.segment().taskId(), again, now);
    fail(lease, dead, past);
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

  private void fail(Lease lease, List<Failure> dead, Map<Long, Past> past) {
    if (dead.isEmpty()) {
      return;
    }
    ManifestRecords manifest = new ManifestRecords();
    FailureLog.Counts counts = new FailureLog.Counts();
    for (Failure failure : dead) {
      manifest.failed(
          failure.line(),
          failure.failureClass(),
          failure.message(),
          failure.attempts() + failure.losses(),
          failure.machine(),
          failure.at());
      if (past.containsKey(failure.line())) {
        counts.pending(past.get(failure.line()).failureClass(), -1);
      }
      counts.failed(failure.failureClass(), 1);
    }
    failures.record(lease.segment(), dead);
    failures.count(lease.segment(), counts);
    segments.append(lease.segment(), manifest);
  }
}
