package io.aihub.queue.control;

/** What one step adds to the counters of a segment; negative where it takes away. */
final class SegmentChange {

  int cursor;
  int returned;
  int leased;
  int waiting;
  int succeeded;
  int failed;
  int skipped;
  long bytes;
}
