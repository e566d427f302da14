package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.control.FailureLog.Failure;
import io.aihub.queue.control.FailureLog.Past;
import io.aihub.queue.control.SegmentRepository.OpenSegment;
import io.aihub.queue.control.SegmentRepository.Range;
import io.aihub.queue.control.WorkFinder.Way;
import io.aihub.queue.entity.LeaseKind;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/** Takes lines from a segment whose row is locked. */
@Dependent
public class LineTaker {

  private final SegmentRepository segments;
  private final FailureLog failures;
  private final LeaseRepository leases;
  private final Quarantine quarantine;

  @Inject
  public LineTaker(
      SegmentRepository segments,
      FailureLog failures,
      LeaseRepository leases,
      Quarantine quarantine) {
    this.segments = segments;
    this.failures = failures;
    this.leases = leases;
    this.quarantine = quarantine;
  }

  /**
   * Who takes, and how much.
   *
   * @param leaseId the lease that the lines go to
   * @param capacity lines at most
   */
  record Taking(
      UUID leaseId, MachineIdentity machine, int capacity, Instant now, Suspects suspects) {}

  /**
   * The suspects of one transaction.
   *
   * @param settling leases that hold something else after it
   */
  Suspects suspects(Collection<UUID> settling, Instant now) {
    return new Suspects(leases, quarantine, settling, now);
  }

  /**
   * Takes lines, or none where others were faster.
   *
   * @param entry what this transaction has done to the segment so far; grows by what is taken
   */
  Optional<TakenLines> take(
      OpenSegment segment, Way way, SegmentText text, Taking taking, SegmentEntry entry) {
    return switch (way) {
      case RETRY -> takeRetries(segment, text, taking, entry);
      case RETURNED -> takeReturned(segment, text, taking, entry);
      case FRESH -> takeFresh(segment, text, taking, entry);
    };
  }

  private Optional<TakenLines> takeRetries(
      OpenSegment segment, SegmentText text, Taking taking, SegmentEntry entry) {
    Optional<List<Past>> due =
        take(
            taking,
            losses -> due(segment, taking, losses),
            () -> failures.hasDue(segment.id(), Suspects.LOSSES, taking.now()));
    if (due.isEmpty()) {
      return Optional.empty();
    }
    List<LeasedLine> lines =
        due.get().stream()
            .sorted(Comparator.comparingLong(Past::line))
            .map(past -> text.leased(past.line(), past.tries() + 1))
            .toList();
    entry.change.waiting -= lines.size();
    entry.change.leased += lines.size();
    return Optional.of(
        new TakenLines(segment.id(), LeaseKind.RETRY, 0, segment.scriptSha256(), lines));
  }

  private Optional<List<Past>> due(OpenSegment segment, Taking taking, int losses) {
    return Optional.of(
            failures.takeDue(
                segment.id(), taking.capacity(), losses, taking.now(), taking.leaseId()))
        .filter(lines -> !lines.isEmpty());
  }

  /** Takes suspects only where there is nothing else. */
  private static <T> Optional<T> take(
      Taking taking, IntFunction<Optional<T>> upToLosses, BooleanSupplier anySuspects) {
    return upToLosses
        .apply(Suspects.LOSSES - 1)
        .or(
            () ->
                taking
                    .suspects()
                    .takeFor(
                        taking.machine(), () -> upToLosses.apply(Integer.MAX_VALUE), anySuspects));
  }

  private Optional<TakenLines> takeReturned(
      OpenSegment segment, SegmentText text, Taking taking, SegmentEntry entry) {
    Optional<Range> taken =
        take(
            taking,
            losses -> segments.takeReturned(segment.id(), taking.capacity(), losses),
            () -> segments.hasReturned(segment.id(), Suspects.LOSSES));
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    Range range = taken.get();
    List<LeasedLine> lines =
        LongStream.range(range.firstLine(), range.end())
            .mapToObj(line -> text.leased(line, range.losses() + 1))
            .toList();
    entry.change.returned -= lines.size();
    entry.change.leased += lines.size();
    return Optional.of(
        new TakenLines(
            segment.id(), LeaseKind.RANGE, range.losses(), segment.scriptSha256(), lines));
  }

  /** Walks on from the cursor; lines that nobody can download get their outcome on the way. */
  private static Optional<TakenLines> takeFresh(
      OpenSegment segment, SegmentText text, Taking taking, SegmentEntry entry) {
    List<LeasedLine> lines = new ArrayList<>();
    SegmentChange change = entry.change;
    while (segment.cursor() + change.cursor < segment.lineCount()
        && lines.size() < taking.capacity()) {
      long number = segment.firstLine() + segment.cursor() + change.cursor;
      IndexLine line = text.line(number);
      switch (line.kind()) {
        case USABLE -> {
          lines.add(new LeasedLine(number, 1, line.text()));
          change.leased++;
        }
        case BLANK -> {
          entry.manifest.skipped(number, taking.now());
          change.skipped++;
        }
        case TOO_LONG, NOT_TEXT -> fail(unusable(number, line, taking.now()), entry);
      }
      change.cursor++;
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TakenLines(segment.id(), LeaseKind.RANGE, 0, segment.scriptSha256(), lines));
  }

  private static Failure unusable(long number, IndexLine line, Instant now) {
    String message =
        line.kind() == IndexLine.Kind.TOO_LONG
            ? "The line is longer than " + IndexLine.MAX_BYTES + " bytes."
            : "The line is not text in the charset of the index.";
    return new Failure(
        number, line.text(), 0, 0, null, FailureClass.INDEX, message, null, null, now);
  }

  private static void fail(Failure failure, SegmentEntry entry) {
    entry.change.failed++;
    entry.failed.add(failure);
    entry.failureCounts.failed(failure.failureClass(), 1);
    entry.manifest.failed(
        failure.line(), failure.failureClass(), failure.message(), 0, null, failure.at());
  }
}
