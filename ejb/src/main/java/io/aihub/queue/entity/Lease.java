package io.aihub.queue.entity;

import io.aihub.shared.ConflictException;
import io.aihub.shared.ForbiddenException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Lines of one segment in the hands of one worker, or the memory of it for some minutes after.
 *
 * @param sequence goes up with each settle
 * @param lines numbers of the lines held; empty unless held
 * @param losses how often the range was lost by workers before
 * @param progress lines finished, as the worker said last
 * @param progressAt when it last said of more than before
 * @param lastReport the report that brought the lease to its sequence, or null
 * @param lastCounts how that report was counted
 */
public record Lease(
    UUID id,
    long sequence,
    State state,
    long machineId,
    String machineName,
    SegmentId segment,
    LeaseKind kind,
    List<Long> lines,
    int losses,
    Instant expiresAt,
    int progress,
    Instant progressAt,
    UUID lastReport,
    SettleCounts lastCounts) {

  /** What has become of a lease. */
  public enum State {
    HELD,
    /** Settled, and no further lines were asked for or there were none. */
    DONE,
    /** Its time ran out and its lines went back. */
    EXPIRED
  }

  public Lease {
    lines = List.copyOf(lines);
  }

  /** Refuses any machine but the one it was granted to. */
  public void requireHolder(long callerId) {
    if (callerId != machineId) {
      throw new ForbiddenException("lease.foreign", id);
    }
  }

  /** The fence: refuses what was granted earlier, and what has run out. */
  public void requireCurrent(long callerSequence, Instant now) {
    if (callerSequence != sequence || state == State.DONE) {
      throw new ConflictException("lease.superseded", id);
    }
    if (state == State.EXPIRED || !expiresAt.isAfter(now)) {
      throw new ConflictException("lease.expired", id);
    }
  }

  /** Whether the lines of {@code report} have been counted already. */
  public boolean hasCounted(UUID report) {
    return report.equals(lastReport);
  }

  public boolean isHeldAt(Instant now) {
    return state == State.HELD && expiresAt.isAfter(now);
  }
}
