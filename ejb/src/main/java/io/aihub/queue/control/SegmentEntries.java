package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The segments that one transaction changes, in the order in which their rows are locked. */
final class SegmentEntries {

  private final Map<SegmentId, SegmentEntry> entries =
      new TreeMap<>(Comparator.comparingLong(SegmentId::taskId).thenComparingInt(SegmentId::no));

  SegmentEntry of(SegmentId id) {
    return entries.computeIfAbsent(id, SegmentEntry::new);
  }

  /** Those that anything happens to. */
  List<SegmentEntry> changed() {
    return entries.values().stream().filter(SegmentEntry::isChanged).toList();
  }
}
