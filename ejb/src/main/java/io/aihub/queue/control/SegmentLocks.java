package io.aihub.queue.control;

import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.control.SegmentRepository.OpenSegment;
import io.aihub.queue.entity.SegmentId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/**
 * The segments that one transaction locks. Those that it will need in all likelihood go with its
 * first trip to the database, together with the question what there is to do; mostly they are all,
 * and a second trip is saved. Segments that are waited for are locked at one go, so that no two
 * transactions wait for each other.
 */
final class SegmentLocks {

  private final Jdbi jdbi;
  private final Set<SegmentId> tried = new HashSet<>();
  private final List<Question<OpenSegment>> locks = new ArrayList<>();
  private final Map<SegmentId, OpenSegment> locked = new HashMap<>();

  SegmentLocks(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Locks segments with a trip that is still to be made.
   *
   * @param needed waited for where another transaction has them
   * @param offered left out where another transaction has them
   */
  void expect(RoundTrip trip, Collection<SegmentId> needed, Collection<SegmentId> offered) {
    add(trip, needed, true);
    add(trip, offered, false);
  }

  private void add(RoundTrip trip, Collection<SegmentId> ids, boolean waits) {
    List<SegmentId> untried = ids.stream().filter(tried::add).toList();
    if (!untried.isEmpty()) {
      locks.add(SegmentRepository.lock(trip, untried, waits));
    }
  }

  /** Whether a segment was asked for already. */
  boolean tried(SegmentId id) {
    return tried.contains(id);
  }

  /** Whether any were asked for with the first trip. */
  boolean expectedAny() {
    return !tried.isEmpty();
  }

  /**
   * Locks what else is needed; to be called when the first trip is made.
   *
   * @throws Overtaken where this would wait for segments while it holds others
   */
  void complete(Collection<SegmentId> needed, Collection<SegmentId> offered) {
    if (expectedAny() && !tried.containsAll(needed)) {
      throw new Overtaken();
    }
    RoundTrip trip = new RoundTrip(jdbi);
    expect(trip, needed, offered);
    trip.make();
    locks.forEach(lock -> lock.rows().forEach(segment -> locked.put(segment.id(), segment)));
  }

  /** The segment under lock; null where it isn't. */
  OpenSegment get(SegmentId id) {
    return locked.get(id);
  }
}
