package io.aihub.queue.api;

/**
 * Where every line of a task stands. {@code lines = succeeded + failed + skipped + leased + waiting
 * + notHandedOut} at every moment.
 *
 * @param lines lines known so far; final once {@code indexRead}
 * @param succeeded landed in storage
 * @param failed failed for good
 * @param skipped blank lines
 * @param leased in the hands of a worker
 * @param waiting failed, and due to be tried again
 * @param notHandedOut not yet given to any worker, or given back
 * @param bytes size of what succeeded
 * @param indexRead whether the index has been read to its end
 */
public record LedgerView(
    long lines,
    long succeeded,
    long failed,
    long skipped,
    long leased,
    long waiting,
    long notHandedOut,
    long bytes,
    boolean indexRead) {

  /** The invariant of the queue. */
  public boolean balances() {
    return lines == succeeded + failed + skipped + leased + waiting + notHandedOut;
  }

  /** Lines with a final outcome. */
  public long settled() {
    return succeeded + failed + skipped;
  }
}
