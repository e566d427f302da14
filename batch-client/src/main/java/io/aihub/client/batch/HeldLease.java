package io.aihub.client.batch;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
  private final Set<Long> withdrawn = new HashSet<>();
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
    while (!stopped && !lost && nextLine < grant.lines().size()) {
      LeasedLine line = grant.lines().get(nextLine++);
      if (!withdrawn.contains(line.line())) {
        return line;
      }
    }
    return null;
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

  /** Whether each line has its result or went to another worker. */
  synchronized boolean isComplete() {
    return missing().isEmpty();
  }

  /** A result for each line that is still held; lines without one are given back. */
  synchronized List<LineResult> report() {
    List<LineResult> all = new ArrayList<>(results);
    missing().forEach(line -> all.add(LineResult.givenBack(line)));
    return all;
  }

  private List<Long> missing() {
    Set<Long> reported = new HashSet<>();
    results.forEach(result -> reported.add(result.line()));
    return grant.lines().stream()
        .map(LeasedLine::line)
        .filter(line -> !reported.contains(line) && !withdrawn.contains(line))
        .toList();
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

  /** Lines went to other workers: they need no result. */
  synchronized void withdraw(Collection<Long> lines) {
    withdrawn.addAll(lines);
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
