package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.control.FailureLog.Failure;
import io.aihub.queue.control.FailureLog.Past;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SettleCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one report, verified already, changes its segment. */
final class Settlement {

  private final Lease lease;
  private final RetryPolicy retries;
  private final Instant now;
  private final Map<Long, Past> past;
  private final SegmentEntry entry;

  private int succeeded;
  private int failedForGood;
  private int retrying;
  private final List<Long> givenBack = new ArrayList<>();

  /**
   * @param past what the failure log says of the lease's lines
   * @param entry what the transaction does to the lease's segment; grows by this report
   */
  Settlement(
      Lease lease, RetryPolicy retries, Instant now, Map<Long, Past> past, SegmentEntry entry) {
    this.lease = lease;
    this.retries = retries;
    this.now = now;
    this.past = past;
    this.entry = entry;
  }

  /**
   * @param text the segment's text for the failure log, or null where it cannot be read
   */
  SettleCounts add(List<LineResult> results, SegmentText text) {
    results.stream()
        .sorted(Comparator.comparingLong(LineResult::line))
        .forEach(
            result -> {
              Past before = past.getOrDefault(result.line(), Past.NONE);
              switch (result.outcome()) {
                case SUCCEEDED -> succeeded(result, before);
                case FAILED -> failed(result, before, text);
                case GIVEN_BACK -> givenBack.add(result.line());
              }
            });
    entry.change.leased -= results.size();
    if (lease.kind() == LeaseKind.RETRY) {
      entry.change.waiting += givenBack.size();
      entry.released.addAll(givenBack);
    } else {
      entry.change.returned += givenBack.size();
      entry.giveBack(givenBack, lease.losses());
    }
    return new SettleCounts(succeeded, retrying, failedForGood, givenBack.size());
  }

  private int losses(Past before) {
    return before.losses() + lease.losses();
  }

  private void succeeded(LineResult result, Past before) {
    succeeded++;
    entry.change.succeeded++;
    entry.change.bytes += result.size();
    entry.manifest.succeeded(
        result.line(),
        result.path(),
        result.size(),
        result.sha256(),
        before.tries() + lease.losses() + 1,
        lease.machineName(),
        now);
    if (before.isKnown()) {
      entry.recovered.add(result.line());
      entry.failureCounts.pending(before.failureClass(), -1);
    }
  }

  private void failed(LineResult result, Past before, SegmentText text) {
    int attempts = before.attempts() + 1;
    FailureClass failureClass = result.failureClass();
    Optional<Duration> wait = retries.next(failureClass, attempts, result.retryAfterSeconds());
    entry.failed.add(
        new Failure(
            result.line(),
            text == null ? null : text.line(result.line()).text(),
            attempts,
            losses(before),
            wait.map(now::plus).orElse(null),
            failureClass,
            result.message(),
            result.output(),
            lease.machineName(),
            now));
    if (before.isKnown()) {
      entry.failureCounts.pending(before.failureClass(), -1);
    }
    if (wait.isPresent()) {
      retrying++;
      entry.change.waiting++;
      entry.failureCounts.pending(failureClass, 1);
    } else {
      failedForGood++;
      entry.change.failed++;
      entry.failureCounts.failed(failureClass, 1);
      entry.manifest.failed(
          result.line(),
          failureClass,
          result.message(),
          before.tries() + lease.losses() + 1,
          lease.machineName(),
          now);
    }
  }
}
