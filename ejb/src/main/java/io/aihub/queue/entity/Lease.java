package io.aihub.queue.entity;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.shared.ConflictException;
import io.aihub.shared.ForbiddenException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Lines of one segment in the hands of one worker, or the memory of it for some minutes after.
 *
 * @param sequence goes up with each settle
 * @param worker name of the worker within its machine
 * @param lines numbers of the lines held; empty unless held
 * @param withdrawn lines that were held and went to others, because this worker was slow
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
    String worker,
    SegmentId segment,
    LeaseKind kind,
    List<Long> lines,
    List<Long> withdrawn,
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
    withdrawn = List.copyOf(withdrawn);
  }

  /** A lease at its beginning; it holds nothing until {@link #moveOn}. */
  public static Lease opened(UUID id, MachineIdentity machine, String worker, Instant now) {
    return new Lease(
        id,
        1,
        State.DONE,
        machine.id(),
        machine.name(),
        worker,
        null,
        null,
        List.of(),
        List.of(),
        0,
        now,
        0,
        now,
        null,
        SettleCounts.NONE);
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

  /** The lease after a report: it holds nothing until {@link #moveOn}. */
  public Lease settled(UUID report, SettleCounts counts, Instant now) {
    return new Lease(
        id,
        sequence + 1,
        State.DONE,
        machineId,
        machineName,
        worker,
        segment,
        kind,
        List.of(),
        List.of(),
        losses,
        now,
        0,
        now,
        report,
        counts);
  }

  /** The lease with its next lines, at the sequence it has. */
  public Lease moveOn(
      SegmentId to,
      LeaseKind nextKind,
      List<Long> next,
      int nextLosses,
      Instant now,
      Instant until) {
    return new Lease(
        id,
        sequence,
        State.HELD,
        machineId,
        machineName,
        worker,
        to,
        nextKind,
        next,
        List.of(),
        nextLosses,
        until,
        0,
        now,
        lastReport,
        lastCounts);
  }
}
