package io.aihub.queue.control;

import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.LineTaker.Taking;
import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.control.SegmentRepository.OpenSegment;
import io.aihub.queue.control.SlowLeases.Division;
import io.aihub.queue.control.WorkFinder.Candidate;
import io.aihub.queue.control.WorkFinder.Found;
import io.aihub.queue.control.WorkFinder.TagWork;
import io.aihub.queue.control.WorkFinder.TaskWork;
import io.aihub.queue.control.WorkFinder.Way;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Hands lines out within a {@link LeaseBatch}: of the first task that has any, within its limits.
 */
@Dependent
public class LineSupply {

  private static final int SEGMENTS_AT_ONCE = 8; // locked for one tag
  private static final int AHEAD = 2; // segments read before they are needed

  private final QueueSettings settings;
  private final LimitRepository limits;
  private final SupplyMemory memory;
  private final SegmentTexts texts;
  private final SlowLeases slowLeases;
  private final LineTaker taker;

  @Inject
  public LineSupply(
      QueueSettings settings,
      LimitRepository limits,
      SupplyMemory memory,
      SegmentTexts texts,
      SlowLeases slowLeases,
      LineTaker taker) {
    this.settings = settings;
    this.limits = limits;
    this.memory = memory;
    this.texts = texts;
    this.slowLeases = slowLeases;
    this.taker = taker;
  }

  /** The tags that lines are asked of. */
  static Set<String> tags(List<LeaseOrder> orders) {
    return orders.stream()
        .filter(order -> order.capacity() > 0)
        .map(order -> order.machine().tag())
        .collect(Collectors.toSet());
  }

  /** Asks what there is to hand out for orders of which some may turn out to be refused. */
  Question<Found> ask(RoundTrip trip, List<LeaseOrder> orders, Instant now) {
    Set<String> tags = tags(orders);
    List<UUID> settling = orders.stream().map(LeaseOrder::leaseId).toList();
    return tags.isEmpty() ? Question.unasked() : WorkFinder.find(trip, tags, settling, now);
  }

  /** Whether segments are all that these orders have to wait for, and it is known which. */
  boolean isForeseeable(List<LeaseOrder> orders) {
    return orders.stream().noneMatch(LeaseOrder::patient)
        && orders.stream().noneMatch(order -> memory.isLimited(order.machine().tag()));
  }

  /** Locks what foreseeable orders need in all likelihood. */
  void expect(RoundTrip trip, List<LeaseOrder> orders, SegmentLocks locks) {
    Set<SegmentId> needed = new HashSet<>();
    for (LeaseOrder order : orders) {
      if (order instanceof Settle settle) {
        needed.add(settle.lease().segment());
      }
    }
    Set<SegmentId> offered = new HashSet<>();
    tags(orders).forEach(tag -> memory.source(tag).ifPresent(offered::add));
    locks.expect(trip, needed, offered);
  }

  /**
   * Locks what the drafts need: the segments of their reports, and enough to hand out. Comes before
   * anything is counted, for these are the only locks that it waits for.
   *
   * @param work what {@link #ask} has found
   * @throws Overtaken where more was locked already than may be
   */
  Shift begin(
      List<LeaseDraft> drafts,
      List<Found> work,
      SegmentLocks locks,
      SegmentEntries entries,
      Instant now) {
    Shift shift = new Shift(WorkFinder.byTag(work), settling(drafts), locks, entries, now);
    shift.readAhead();
    shift.lockLimits();
    shift.lockSegments(drafts);
    return shift;
  }

  /** Leases that hold something else or nothing after this transaction. */
  private static List<UUID> settling(List<LeaseDraft> drafts) {
    return drafts.stream().filter(LeaseDraft::isSettling).map(draft -> draft.lease.id()).toList();
  }

  /** The work of one transaction. */
  final class Shift {

    private final List<UUID> settling;
    private final SegmentLocks locks;
    private final SegmentEntries entries;
    private final Instant now;
    private final Set<SegmentId> wanted = new LinkedHashSet<>();
    private final Map<String, TagWork> work;
    private final Suspects suspects;
    private HeldLimits held;

    private Shift(
        Map<String, TagWork> work,
        List<UUID> settling,
        SegmentLocks locks,
        SegmentEntries entries,
        Instant now) {
      this.work = work;
      this.settling = settling;
      this.suspects = taker.suspects(settling, now);
      this.locks = locks;
      this.entries = entries;
      this.now = now;
    }

    /** Segments that will be handed out soon, but whose text isn't in memory. */
    Set<SegmentId> wanted() {
      return wanted;
    }

    /** Of the task that is next, the segment that is next and the one after it, of each kind. */
    private void readAhead() {
      for (TagWork tagWork : work.values()) {
        Map<Way, Integer> seen = new EnumMap<>(Way.class);
        for (Candidate candidate : tagWork.tasks().get(0).candidates()) {
          boolean soon = seen.merge(candidate.way(), 1, Integer::sum) <= AHEAD;
          if (soon && texts.cached(candidate.segment()).isEmpty()) {
            wanted.add(candidate.segment());
          }
        }
      }
    }

    private void lockLimits() {
      work.forEach((tag, found) -> memory.setLimited(tag, found.anyLimited()));
      if (locks.expectedAny() && work.values().stream().anyMatch(TagWork::anyLimited)) {
        throw new Overtaken(); // limits are locked before segments
      }
      held = HeldLimits.lock(limits, work, settling, now);
    }

    /** Waits for the segments of the reports; those to take from must be free. */
    private void lockSegments(List<LeaseDraft> drafts) {
      Set<SegmentId> needed = new HashSet<>();
      Map<String, Integer> demand = new HashMap<>();
      for (LeaseDraft draft : drafts) {
        if (draft.isSettling()) {
          needed.add(draft.lease.segment());
        }
        if (draft.wantsLines()) {
          demand.merge(draft.tag(), draft.order.capacity(), Integer::sum);
          if (draft.order.patient()) {
            readable(draft.tag()).stream()
                .findFirst()
                .ifPresent(candidate -> needed.add(candidate.segment()));
          }
        }
      }
      Set<SegmentId> offered = new LinkedHashSet<>();
      demand.forEach((tag, lines) -> offered.addAll(enough(readable(tag), lines)));
      offered.removeAll(needed);
      locks.complete(needed, offered);
    }

    /** Where a tag has lines whose text is in memory. */
    private List<Candidate> readable(String tag) {
      return work.getOrDefault(tag, TagWork.NONE).tasks().stream()
          .flatMap(task -> task.candidates().stream())
          .filter(candidate -> texts.cached(candidate.segment()).isPresent())
          .toList();
    }

    private static Collection<SegmentId> enough(List<Candidate> candidates, int lines) {
      Set<SegmentId> enough = new LinkedHashSet<>();
      int missing = lines;
      for (Candidate candidate : candidates) {
        if (missing <= 0 || enough.size() == SEGMENTS_AT_ONCE) {
          break;
        }
        enough.add(candidate.segment());
        missing -= candidate.lines();
      }
      return enough;
    }

    void handOut(LeaseDraft draft) {
      if (!draft.wantsLines() || !held.admits(draft.order.machine()) || !mayWork(draft)) {
        return;
      }
      TagWork tagWork = work.getOrDefault(draft.tag(), TagWork.NONE);
      for (TaskWork task : tagWork.tasks()) {
        int capacity = held.permitted(task.taskId(), draft.order.capacity());
        if (capacity == 0) {
          continue; // has reached its limits: the next task's turn
        }
        Optional<TakenLines> taken = takeFrom(task, draft, capacity);
        if (taken.isPresent()) {
          hold(draft, taken.get());
          return;
        }
        draft.busy |= task.mayHaveMore();
        if (draft.busy || !draft.unread.isEmpty() || !mayWork(draft)) {
          return; // the task has lines, so a later one has to wait
        }
      }
      draft.busy = !tagWork.complete();
      if (tagWork.tasks().isEmpty()) {
        memory.isDry(draft.tag());
        divide(draft);
      }
    }

    private boolean mayWork(LeaseDraft draft) {
      return suspects.mayWork(draft.order.machine());
    }

    private Optional<TakenLines> takeFrom(TaskWork task, LeaseDraft draft, int capacity) {
      Taking taking =
          new Taking(draft.order.leaseId(), draft.order.machine(), capacity, now, suspects);
      for (Candidate candidate : task.candidates()) {
        SegmentId id = candidate.segment();
        Optional<SegmentText> text = texts.cached(id);
        OpenSegment segment = locks.get(id);
        if (text.isEmpty()) {
          draft.unread.add(id);
        } else if (segment == null) {
          draft.busy = true;
        } else if (segment.inProgress()) {
          Optional<TakenLines> taken =
              taker.take(segment, candidate.way(), text.get(), taking, entries.of(id));
          if (taken.isPresent()) {
            return taken;
          }
        }
      }
      return Optional.empty();
    }

    private void hold(LeaseDraft draft, TakenLines taken) {
      draft.hold(taken, now, now.plus(settings.leaseTime()));
      suspects.wentTo(draft.order.machine());
      memory.cameFrom(draft.tag(), taken.segment());
      held.leased(draft.order.machine(), taken.segment().taskId(), taken.leasedLines().size());
    }

    /** Where a tag has nothing left to hand out. */
    private void divide(LeaseDraft draft) {
      Division division = slowLeases.divide(draft.tag(), draft.order.capacity(), settling, now);
      draft.unread.addAll(division.unread());
      division.taken().ifPresent(taken -> hold(draft, taken));
    }

    /** Keeps what has become of the limits. */
    void end() {
      held.write();
    }
  }
}
