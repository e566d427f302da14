package io.aihub.queue.control;

import io.aihub.queue.control.FailureLog.Failure;
import io.aihub.queue.control.SegmentRepository.Range;
import io.aihub.queue.entity.SegmentId;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that one transaction does to one segment, worked out in memory and then written by
 * {@link LedgerWriter} in a few statements. Several settlements of the same segment share one.
 */
final class SegmentEntry {

  final SegmentId id;
  final SegmentChange change = new SegmentChange();
  final ManifestRecords manifest = new ManifestRecords();
  final FailureCounts failureCounts = new FailureCounts();

  /** Outcomes of failed attempts, to be written over what the failure log says. */
  final List<Failure> failed = new ArrayList<>();

  /** Lines that stand in the failure log and succeeded in the end. */
  final List<Long> recovered = new ArrayList<>();

  /** Lines of the failure log that came back untried; due at once. */
  final List<Long> released = new ArrayList<>();

  /** Lines of the failure log whose worker was lost; due at once. */
  final List<Long> lost = new ArrayList<>();

  /** Lines without any outcome that go back. */
  final List<Range> returned = new ArrayList<>();

  SegmentEntry(SegmentId id) {
    this.id = id;
  }

  /** The counters alone don't tell: lines that come back and lines that go out may balance. */
  boolean isChanged() {
    return !change.isNothing() || !failed.isEmpty() || !released.isEmpty() || !returned.isEmpty();
  }

  /**
   * Gives lines back, neighbours in one range.
   *
   * @param sortedLines in ascending order
   * @param losses how often they were lost by workers
   */
  void giveBack(List<Long> sortedLines, int losses) {
    returned.addAll(LineRanges.of(sortedLines, losses)); // two calls may mean two halves
  }
}
