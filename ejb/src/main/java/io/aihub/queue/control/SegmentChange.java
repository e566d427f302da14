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

  boolean isNothing() {
    return cursor == 0
        && returned == 0
        && leased == 0
        && waiting == 0
        && succeeded == 0
        && failed == 0
        && skipped == 0;
  }
}
