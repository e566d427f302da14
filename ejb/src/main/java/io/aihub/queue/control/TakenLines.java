package io.aihub.queue.control;

import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import java.util.List;

/**
 * Lines that have just been taken from a segment, never none.
 *
 * @param losses how often the range was lost before
 */
public record TakenLines(
    SegmentId segment,
    LeaseKind kind,
    int losses,
    String scriptSha256,
    List<LeasedLine> leasedLines) {

  List<Long> lines() {
    return leasedLines.stream().map(LeasedLine::line).toList();
  }
}
