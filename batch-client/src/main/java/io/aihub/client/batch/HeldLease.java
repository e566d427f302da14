package io.aihub.client.batch;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lines that one worker holds, and what has become of them so far. The worker's job and the
 * renewal look at it from different threads.
 */
final class HeldLease {

  private final LeaseGrant grant;
  private final List<LineResult> results = new ArrayList<>();
  private int nextLine;
  private int linesDone;
  private Instant renewAt;
  private boolean stopped;
  private boolean lost;

  HeldLease(LeaseGrant grant, Instant now) {
    this.grant = grant;
    renewed(grant.secondsToLive(), now);
  }

  LeaseGrant grant() {
    return grant;
  }

  /** The next line nobody has begun, or null where there is none or no more should be begun. */
  synchronized LeasedLine next() {
    return stopped || lost || nextLine == grant.lines().size()
        ? null
        : grant.lines().get(nextLine++);
  }

  /** A line has been tried; its file, if any, waits for its upload. */
  synchronized void tried() {
    linesDone++;
  }

  /** Lines have their results in this lease; each upload counts as progress, too. */
  synchronized void add(List<LineResult> finished, int uploads) {
    results.addAll(finished);
    linesDone += uploads;
  }

  synchronized boolean isComplete() {
    return results.size() == grant.lines().size();
  }

  /** A result for each line of the lease; lines without one are given back. */
  synchronized List<LineResult> report() {
    Set<Long> reported = new HashSet<>();
    results.forEach(result -> reported.add(result.line()));
    List<LineResult> all = new ArrayList<>(results);
    grant.lines().stream()
        .filter(line -> !reported.contains(line.line()))
        .forEach(line -> all.add(LineResult.givenBack(line.line())));
    return all;
  }

  /**
   * Whether any line has been handed to the job; a lease that nothing was begun of serves the
   * worker's next job.
   */
  synchronized boolean hasBegun() {
    return nextLine > 0;
  }

  synchronized boolean isRenewalDue(Instant now) {
    return !lost && !now.isBefore(renewAt);
  }

  synchronized RenewRequest renewal() {
    return new RenewRequest(grant.sequence(), linesDone);
  }

  /** The next renewal is due after a third of its life, so that one lost renewal does no harm. */
  synchronized void renewed(int secondsToLive, Instant now) {
    renewAt = now.plus(Duration.ofSeconds(secondsToLive).dividedBy(3));
  }

  /** The task was cancelled: what is not begun goes back. */
  synchronized void stop() {
    stopped = true;
  }

  /** The server has given the lines to somebody else, or will: nothing of them counts any more. */
  synchronized void lose() {
    lost = true;
  }

  synchronized boolean isLost() {
    return lost;
  }
}
