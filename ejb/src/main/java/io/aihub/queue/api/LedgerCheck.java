package io.aihub.queue.api;

/**
 * Whether the counters of a task agree with the rows they stand for.
 *
 * @param sound whether all do
 * @param segments how many segments were checked
 * @param lines how many lines they stand for
 * @param fault the first that is off; null where none is
 */
public record LedgerCheck(long taskId, boolean sound, long segments, long lines, Fault fault) {

  /**
   * A counter that is off.
   *
   * @param segmentNo the segment, from 1
   * @param counter which one
   * @param counted what it says
   * @param found what there is
   * @param message the same in words, in the reader's language
   */
  public record Fault(int segmentNo, String counter, long counted, long found, String message) {}
}
