package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.control.FailureLog.Failure;
import io.aihub.queue.control.FailureLog.Past;
import io.aihub.queue.control.SegmentRepository.OpenSegment;
import io.aihub.queue.control.SegmentRepository.Range;
import io.aihub.queue.control.WorkFinder.Way;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;

/** Takes lines from a segment, within a transaction. */
@Dependent
public class LineTaker {

  private final SegmentRepository segments;
  private final FailureLog failures;

  @Inject
  public LineTaker(SegmentRepository segments, FailureLog failures) {
    this.segments = segments;
    this.failures = failures;
  }

  /**
   * Who takes, and how much.
   *
   * @param leaseId the lease that the lines go to
   * @param capacity lines at most
   */
  public record Taking(UUID leaseId, int capacity, Instant now) {}

  /** A segment to take from, with its text in memory. */
  public record Source(SegmentId segment, Way way, SegmentText text) {}

  /**
   * Takes lines from the first source that is free and has lines left.
   *
   * @param wait whether to wait for a segment that another transaction holds; only for a
   *     transaction that holds no segment yet, and with one source
   */
  public Optional<TakenLines> take(List<Source> sources, Taking taking, boolean wait) {
    for (Source source : sources) {
      Optional<TakenLines> taken =
          segments.lock(source.segment(), wait).flatMap(segment -> take(source, segment, taking));
      if (taken.isPresent()) {
        return taken;
      }
    }
    return Optional.empty();
  }

  private Optional<TakenLines> take(Source source, OpenSegment segment, Taking taking) {
    return switch (source.way()) {
      case RETRY -> takeRetries(segment, source.text(), taking);
      case RETURNED -> takeReturned(segment, source.text(), taking);
      case FRESH -> takeFresh(segment, source.text(), taking);
    };
  }

  private Optional<TakenLines> takeRetries(OpenSegment segment, SegmentText text, Taking taking) {
    List<LeasedLine> lines =
        failures.takeDue(segment.id(), taking.capacity(), taking.now(), taking.leaseId()).stream()
            .sorted(Comparator.comparingLong(Past::line))
            .map(past -> leased(past.line(), past.attempts() + past.losses() + 1, text))
            .toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    SegmentChange change = new SegmentChange();
    change.waiting = -lines.size();
    change.leased = lines.size();
    segments.change(segment.id(), change);
    return Optional.of(
        new TakenLines(segment.id(), LeaseKind.RETRY, 0, segment.scriptSha256(), lines));
  }

  private Optional<TakenLines> takeReturned(OpenSegment segment, SegmentText text, Taking taking) {
    Optional<Range> taken = segments.takeReturned(segment.id(), taking.capacity());
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    Range range = taken.get();
    List<LeasedLine> lines =
        LongStream.range(range.firstLine(), range.firstLine() + range.lineCount())
            .mapToObj(line -> leased(line, range.losses() + 1, text))
            .toList();
    SegmentChange change = new SegmentChange();
    change.returned = -lines.size();
    change.leased = lines.size();
    segments.change(segment.id(), change);
    return Optional.of(
        new TakenLines(
            segment.id(), LeaseKind.RANGE, range.losses(), segment.scriptSha256(), lines));
  }

  private static LeasedLine leased(long line, int attempt, SegmentText text) {
    return new LeasedLine(line, attempt, text.line(line).text());
  }

  /** Walks on from the cursor; lines that nobody can download get their outcome on the way. */
  private Optional<TakenLines> takeFresh(OpenSegment segment, SegmentText text, Taking taking) {
    List<LeasedLine> lines = new ArrayList<>();
    List<Failure> unusable = new ArrayList<>();
    ManifestRecords manifest = new ManifestRecords();
    SegmentChange change = new SegmentChange();
    while (segment.cursor() + change.cursor < segment.lineCount()
        && lines.size() < taking.capacity()) {
      long number = segment.firstLine() + segment.cursor() + change.cursor;
      IndexLine line = text.line(number);
      switch (line.kind()) {
        case USABLE -> lines.add(new LeasedLine(number, 1, line.text()));
        case BLANK -> {
          manifest.skipped(number, taking.now());
          change.skipped++;
        }
        case TOO_LONG, NOT_TEXT -> unusable.add(unusable(number, line, taking.now()));
      }
      change.cursor++;
    }
    if (change.cursor == 0) {
      return Optional.empty();
    }
    change.leased = lines.size();
    change.failed = unusable.size();
    segments.change(segment.id(), change);
    fail(segment.id(), unusable, manifest);
    segments.append(segment.id(), manifest);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
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

  private void fail(SegmentId id, List<Failure> unusable, ManifestRecords manifest) {
    FailureLog.Counts counts = new FailureLog.Counts();
    for (Failure failure : unusable) {
      manifest.failed(
          failure.line(), failure.failureClass(), failure.message(), 0, null, failure.at());
      counts.failed(failure.failureClass(), 1);
    }
    failures.record(id, unusable);
    failures.count(id, counts);
  }
}
