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

/**
 * What one report, verified already, changes: worked out in memory first, then written in a few
 * statements.
 */
final class Settlement {

  private final Lease lease;
  private final String target;
  private final RetryPolicy retries;
  private final Instant now;
  private final Map<Long, Past> past;

  private final SegmentChange change = new SegmentChange();
  private final List<Failure> failed = new ArrayList<>();
  private final List<Long> forgotten = new ArrayList<>();
  private final List<Long> givenBack = new ArrayList<>();
  private final FailureLog.Counts failures = new FailureLog.Counts();
  private final ManifestRecords manifest = new ManifestRecords();

  /**
   * @param target the task's target path
   * @param past what the failure log says of the lease's lines
   */
  Settlement(Lease lease, String target, RetryPolicy retries, Instant now, Map<Long, Past> past) {
    this.lease = lease;
    this.target = target;
    this.retries = retries;
    this.now = now;
    this.past = past;
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
    change.leased = -results.size();
    if (lease.kind() == LeaseKind.RETRY) {
      change.waiting += givenBack.size();
    } else {
      change.returned = givenBack.size();
    }
    int retrying = (int) failed.stream().filter(failure -> !failure.isFinal()).count();
    return new SettleCounts(change.succeeded, retrying, change.failed, givenBack.size());
  }

  private int losses(Past before) {
    return before.losses() + lease.losses();
  }

  private void succeeded(LineResult result, Past before) {
    change.succeeded++;
    change.bytes += result.size();
    manifest.succeeded(
        result.line(),
        TargetPath.key(target, result.path()),
        result.size(),
        result.sha256(),
        before.attempts() + losses(before) + 1,
        lease.machineName(),
        now);
    if (before.isKnown()) {
      forgotten.add(result.line());
      failures.pending(before.failureClass(), -1);
    }
  }

  private void failed(LineResult result, Past before, SegmentText text) {
    int attempts = before.attempts() + 1;
    FailureClass failureClass = result.failureClass();
    Optional<Duration> wait = retries.next(failureClass, attempts, result.retryAfterSeconds());
    failed.add(
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
      failures.pending(before.failureClass(), -1);
    }
    if (wait.isPresent()) {
      change.waiting++;
      failures.pending(failureClass, 1);
    } else {
      change.failed++;
      failures.failed(failureClass, 1);
      manifest.failed(
          result.line(),
          failureClass,
          result.message(),
          attempts + losses(before),
          lease.machineName(),
          now);
    }
  }

  /** Writes it all, the segment first, whose lock covers the rest. */
  void write(SegmentRepository segments, FailureLog log) {
    segments.change(lease.segment(), change);
    log.record(lease.segment(), failed);
    log.forget(lease.segment().taskId(), forgotten);
    log.count(lease.segment(), failures);
    if (lease.kind() == LeaseKind.RETRY) {
      log.release(lease.segment().taskId(), givenBack, now);
    } else {
      segments.giveBack(lease.segment(), givenBack, lease.losses());
    }
    segments.append(lease.segment(), manifest);
  }
}
