package io.aihub.queue.control;

import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.control.LimitRepository.MachineQuota;
import io.aihub.queue.control.LineTaker.Taking;
import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.control.SegmentRepository.OpenSegment;
import io.aihub.queue.control.WorkFinder.Candidate;
import io.aihub.queue.control.WorkFinder.Found;
import io.aihub.queue.control.WorkFinder.TagWork;
import io.aihub.queue.control.WorkFinder.TaskWork;
import io.aihub.queue.control.WorkFinder.Way;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
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

  /** How long a lease is left alone before lines of it may go to workers that have none. */
  static final Duration UNDIVIDED = Duration.ofSeconds(20);

  private static final int SEGMENTS_AT_ONCE = 8; // locked for one tag
  private static final int AHEAD = 2; // segments read before they are needed

  private final QueueSettings settings;
  private final LimitRepository limits;
  private final SegmentRepository segments;
  private final SegmentTexts texts;
  private final LeasedTasks tasks;
  private final LeaseRepository leases;
  private final LineTaker taker;

  @Inject
  public LineSupply(
      QueueSettings settings,
      LimitRepository limits,
      SegmentRepository segments,
      SegmentTexts texts,
      LeasedTasks tasks,
      LeaseRepository leases,
      LineTaker taker) {
    this.settings = settings;
    this.limits = limits;
    this.segments = segments;
    this.texts = texts;
    this.tasks = tasks;
    this.leases = leases;
    this.taker = taker;
  }

  /** Asks what there is to hand out for drafts of which some may turn out to be refused. */
  Question<Found> ask(RoundTrip trip, List<LeaseDraft> drafts, Instant now) {
    Set<String> tags =
        drafts.stream()
            .filter(draft -> draft.order.capacity() > 0)
            .map(LeaseDraft::tag)
            .collect(Collectors.toSet());
    List<UUID> settling = drafts.stream().map(draft -> draft.order.leaseId()).toList();
    return tags.isEmpty() ? Question.unasked() : WorkFinder.find(trip, tags, settling, now);
  }

  /**
   * Locks what the drafts need: the segments of their reports, and enough to hand out. Comes before
   * anything is counted, for these are the only locks that it waits for.
   *
   * @param work what {@link #ask} has found
   */
  Shift begin(List<LeaseDraft> drafts, List<Found> work, SegmentEntries entries, Instant now) {
    Shift shift = new Shift(WorkFinder.byTag(work), settling(drafts), entries, now);
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
    private final SegmentEntries entries;
    private final Instant now;
    private final Set<SegmentId> wanted = new LinkedHashSet<>();
    private final Map<String, TagWork> work;
    private Map<Long, Allowance> allowances = Map.of();
    private Map<String, MachineQuota> quotas = Map.of();
    private Map<SegmentId, OpenSegment> locked = Map.of();

    private Shift(
        Map<String, TagWork> work, List<UUID> settling, SegmentEntries entries, Instant now) {
      this.work = work;
      this.settling = settling;
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
      List<Long> limitedTasks =
          work.values().stream()
              .flatMap(tagWork -> tagWork.tasks().stream())
              .filter(TaskWork::limited)
              .map(TaskWork::taskId)
              .toList();
      allowances = limits.lockTasks(limitedTasks, settling, now);
      List<String> limitedTags =
          work.entrySet().stream()
              .filter(entry -> entry.getValue().limited())
              .map(Map.Entry::getKey)
              .toList();
      quotas = limits.lockTags(limitedTags);
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
      locked = segments.lock(needed, offered);
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
      if (!draft.wantsLines()) {
        return;
      }
      MachineQuota quota = quotas.get(draft.tag());
      if (quota != null && !quota.admits(draft.order.machine().id())) {
        return;
      }
      TagWork tagWork = work.getOrDefault(draft.tag(), TagWork.NONE);
      for (TaskWork task : tagWork.tasks()) {
        int capacity = capacity(task, draft);
        if (capacity == 0) {
          continue; // has reached its limits: the next task's turn
        }
        Optional<TakenLines> taken = takeFrom(task, draft, capacity);
        if (taken.isPresent()) {
          hold(draft, taken.get());
          return;
        }
        if (draft.busy || !draft.unread.isEmpty()) {
          return; // the task has lines, so a later one has to wait
        }
      }
      draft.busy = !tagWork.complete();
      if (tagWork.tasks().isEmpty()) {
        divide(draft);
      }
    }

    private int capacity(TaskWork task, LeaseDraft draft) {
      Allowance allowance = allowances.get(task.taskId());
      int asked = draft.order.capacity();
      return allowance == null ? asked : allowance.permits(asked);
    }

    private Optional<TakenLines> takeFrom(TaskWork task, LeaseDraft draft, int capacity) {
      Taking taking = new Taking(draft.order.leaseId(), capacity, now);
      for (Candidate candidate : task.candidates()) {
        SegmentId id = candidate.segment();
        Optional<SegmentText> text = texts.cached(id);
        OpenSegment segment = locked.get(id);
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
      Allowance allowance = allowances.get(taken.segment().taskId());
      if (allowance != null) {
        allowance.leased(taken.leasedLines().size());
      }
      MachineQuota quota = quotas.get(draft.tag());
      if (quota != null) {
        quota.machines().add(draft.order.machine().id());
      }
    }

    /**
     * Where a tag has nothing left to hand out, takes lines from the lease that is furthest from
     * its end: the later half of those that aren't begun. Its worker is told when it renews; should
     * it have fetched one of them meanwhile, that result counts for nothing. No counter changes, so
     * no segment is locked.
     */
    private void divide(LeaseDraft draft) {
      Optional<Lease> slowest =
          leases.lockSlowest(draft.tag(), now.minus(UNDIVIDED), settling, now);
      if (slowest.isEmpty()) {
        return;
      }
      Lease lease = slowest.get();
      Optional<SegmentText> text = texts.cached(lease.segment());
      if (text.isEmpty()) {
        draft.unread.add(lease.segment());
        return;
      }
      int begun = lease.progress() + 1;
      int untouched = lease.lines().size() - begun;
      int taken = Math.min((untouched + 1) / 2, draft.order.capacity());
      List<Long> lines = lease.lines().subList(lease.lines().size() - taken, lease.lines().size());
      leases.withdraw(lease.id(), lines);
      hold(
          draft,
          new TakenLines(
              lease.segment(),
              LeaseKind.RANGE,
              lease.losses(),
              tasks.facts(lease.segment().taskId()).scriptSha256(),
              lines.stream().map(line -> leased(line, lease.losses() + 1, text.get())).toList()));
    }

    private static LeasedLine leased(long line, int attempt, SegmentText text) {
      return new LeasedLine(line, attempt, text.line(line).text());
    }

    /** Keeps what has become of the limits. */
    void end() {
      limits.spend(allowances, now);
    }
  }
}
