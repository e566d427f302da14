package io.aihub.queue.control;

import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.control.FailureLog.Past;
import io.aihub.queue.entity.Lease;
import io.aihub.shared.UnavailableException;
import io.aihub.storage.control.ObjectAccessException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** The text of lines that are leased already. */
@Dependent
public class LeasedText {

  private final SegmentTexts texts;
  private final FailureLog failures;

  @Inject
  public LeasedText(SegmentTexts texts, FailureLog failures) {
    this.texts = texts;
    this.failures = failures;
  }

  /** The segment's text, or null where it cannot be read now: a failure counts without it, too. */
  public SegmentText forFailureLog(Lease lease) {
    try {
      return texts.load(lease.segment());
    } catch (UnavailableException | ObjectAccessException unreadable) {
      return null;
    }
  }

  /** The lines of a lease as they were granted. */
  public List<LeasedLine> lines(Lease lease) {
    SegmentText text = texts.load(lease.segment());
    Map<Long, Past> past = failures.past(lease.segment().taskId(), lease.lines());
    return lease.lines().stream()
        .map(
            line -> {
              Past before = past.getOrDefault(line, Past.NONE);
              int attempt = before.tries() + lease.losses() + 1;
              return text.leased(line, attempt);
            })
        .toList();
  }
}
