package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where lines of each tag came from last, so that the next transaction locks that segment with its
 * first trip to the database instead of asking first and locking then. Says nothing that has to be
 * true: a segment that is locked in vain does no harm, and one that is missing is locked later.
 */
@ApplicationScoped
public class SupplyMemory {

  private final Map<String, SegmentId> sources = new ConcurrentHashMap<>(); // by tag
  private final Set<String> limited = ConcurrentHashMap.newKeySet(); // tags

  /** The segment that lines of a tag came from last, if there were any. */
  Optional<SegmentId> source(String tag) {
    return Optional.ofNullable(sources.get(tag));
  }

  void cameFrom(String tag, SegmentId segment) {
    sources.put(tag, segment);
  }

  /** The tag had nothing to hand out. */
  void isDry(String tag) {
    sources.remove(tag);
  }

  /** Whether the tag or a task of it had a limit last. */
  boolean isLimited(String tag) {
    return limited.contains(tag);
  }

  void setLimited(String tag, boolean isLimited) {
    if (isLimited) {
      limited.add(tag);
    } else {
      limited.remove(tag);
    }
  }
}
