package io.aihub.queue.control;

import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.SegmentId;
import io.aihub.queue.entity.SettleCounts;
import java.util.List;

/**
 * How a {@link LeaseOrder} was carried out.
 *
 * @param counts how the report was counted; null where there was none
 * @param settlesSegment whether no line of the report's segment is without an outcome any more
 * @param taken the lines handed out; null for none
 * @param lease the lease as it stands with them; null where none were handed out
 * @param unread where there are lines, but of segments whose text has to be read first
 * @param busy where there are lines, but in segments that another server works on, or behind those
 *     that were looked at
 */
public record LeaseResult(
    SettleCounts counts,
    boolean settlesSegment,
    TakenLines taken,
    Lease lease,
    List<SegmentId> unread,
    boolean busy) {

  /** Whether trying again at once may bring lines. */
  public boolean isWorthAnotherTry() {
    return taken == null && (busy || !unread.isEmpty());
  }
}
