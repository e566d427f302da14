package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Segments that this server saw settled and whose manifest parts are not written yet, as far as it
 * knows: another server may have closed some. Their records fill the database, half a megabyte and
 * more each, so there is a limit to how many may wait.
 */
@ApplicationScoped
public class ClosingBacklog {

  /** How many segments may wait. */
  public static final int LIMIT = 48;

  private final Set<SegmentId> waiting = new LinkedHashSet<>(); // the oldest first

  public synchronized void add(SegmentId segment) {
    waiting.add(segment);
  }

  public synchronized void remove(SegmentId segment) {
    waiting.remove(segment);
  }

  /** Takes the segment that waits longest, where more wait than may. */
  public synchronized Optional<SegmentId> takeSurplus() {
    if (waiting.size() <= LIMIT) {
      return Optional.empty();
    }
    Iterator<SegmentId> oldest = waiting.iterator();
    SegmentId taken = oldest.next();
    oldest.remove();
    return Optional.of(taken);
  }
}
