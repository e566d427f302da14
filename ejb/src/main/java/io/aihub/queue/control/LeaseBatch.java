package io.aihub.queue.control;

import io.aihub.queue.control.LeaseOrder.Open;
import io.aihub.queue.control.LeaseOrder.Resume;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.LineTaker.Taking;
import io.aihub.queue.control.SegmentRepository.OpenSegment;
import io.aihub.queue.control.WorkFinder.Candidate;
import io.aihub.queue.control.WorkFinder.TagWork;
import io.aihub.queue.control.WorkFinder.TaskWork;
import io.aihub.queue.control.WorkFinder.Way;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import io.aihub.queue.entity.SettleCounts;
import io.aihub.shared.BusinessException;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
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
 * Carries out the orders of many workers in one transaction: locks the leases, then the segments,
 * works everything out in memory and writes it in a few statements, whose number hardly depends on
 * that of the orders. Everything slow, storage above all, is done before.
 */
@Dependent
public class LeaseBatch {

  private static final int SEGMENTS_AT_ONCE = 8; // locked for one tag

  private static final int AHEAD = 2; // segments read before they are needed

  private final Clock clock;
  private final QueueSettings settings;
  private final LeaseRepository leases;
  private final SegmentRepository segments;
  private final FailureLog failures;
  private final WorkFinder finder;
  private final SegmentTexts texts;
  private final LineTaker taker;
  private final LedgerWriter writer;
  private final RetryPolicy retries;

  @Inject
  public LeaseBatch(
      Clock clock,
      QueueSettings settings,
      LeaseRepository leases,
      SegmentRepository segments,
      FailureLog failures,
      WorkFinder finder,
      SegmentTexts texts,
      LineTaker taker,
      LedgerWriter writer,
      RetryPolicy retries) {
    this.clock = clock;
    this.settings = settings;
    this.leases = leases;
    this.segments = segments;
    this.failures = failures;
    this.finder = finder;
    this.texts = texts;
    this.taker = taker;
    this.writer = writer;
    this.retries = retries;
  }

  /**
   * What came of a batch.
   *
   * @param answers one for each order, in their order: a {@link LeaseResult}, or the {@link
   *     BusinessException} with which the order is refused
   * @param wanted segments that will be handed out soon, but whose text isn't in memory
   */
  record Done(List<Object> answers, Set<SegmentId> wanted) {}

  /**
   * Carries out orders, at most one for each lease, within the caller's transaction. An order that
   * is refused changes nothing and leaves the others alone.
   */
  Done run(List<LeaseOrder> orders) {
    Run run = new Run(orders);
    run.fence();
    run.find();
    run.lockSegments();
    run.drafts.forEach(run::count);
    run.drafts.forEach(run::handOut);
    run.write();
    return new Done(run.drafts.stream().map(Draft::answer).toList(), run.wanted);
  }

  /** An order on its way. */
  private static final class Draft {

    final LeaseOrder order;
    Lease lease; // locked, or new; as it will be written
    boolean changed;
    BusinessException refusal;
    SettleCounts counts;
    TakenLines taken;
    final Set<SegmentId> unread = new LinkedHashSet<>();
    boolean busy;

    Draft(LeaseOrder order) {
      this.order = order;
    }

    boolean isSettling() {
      return refusal == null && order instanceof Settle;
    }

    boolean wantsLines() {
      return refusal == null && order.capacity() > 0 && (lease != null || order instanceof Open);
    }

    String tag() {
      return order.machine().tag();
    }

    Object answer() {
      return refusal != null
          ? refusal
          : new LeaseResult(counts, taken, taken == null ? null : lease, List.copyOf(unread), busy);
    }
  }

  private final class Run {

    final Instant now = clock.instant();
    final List<Draft> drafts;
    final SegmentEntries entries = new SegmentEntries();
    final Set<SegmentId> wanted = new LinkedHashSet<>();
    Map<String, TagWork> work = Map.of();
    Map<SegmentId, OpenSegment> locked = Map.of();

    Run(List<LeaseOrder> orders) {
      drafts = orders.stream().map(Draft::new).toList();
    }

    /** Lets no report pass but that of the holder, for what it holds now. */
    void fence() {
      List<UUID> ids =
          drafts.stream()
              .map(draft -> draft.order)
              .filter(order -> !(order instanceof Open))
              .map(LeaseOrder::leaseId)
              .toList();
      Map<UUID, Lease> held = leases.lock(ids);
      for (Draft draft : drafts) {
        Lease lease = held.get(draft.order.leaseId());
        if (draft.order instanceof Settle settle) {
          try {
            if (lease == null) {
              throw new NotFoundException("lease.unknown", settle.leaseId());
            }
            lease.requireHolder(settle.machine().id());
            lease.requireCurrent(settle.sequence(), now);
            draft.lease = lease;
          } catch (BusinessException refusal) {
            draft.refusal = refusal;
          }
        } else if (draft.order instanceof Resume resume
            && lease != null
            && lease.state() == Lease.State.DONE
            && lease.hasCounted(resume.report())) {
          draft.lease = lease;
        }
      }
    }

    void find() {
      Set<String> tags =
          drafts.stream().filter(Draft::wantsLines).map(Draft::tag).collect(Collectors.toSet());
      if (!tags.isEmpty()) {
        work = finder.find(tags, now);
        readAhead();
      }
    }

    /** Waits for the segments of the reports; those to take from must be free. */
    void lockSegments() {
      Set<SegmentId> needed = new HashSet<>();
      Map<String, Integer> demand = new HashMap<>();
      for (Draft draft : drafts) {
        if (draft.isSettling()) {
          needed.add(draft.lease.segment());
        }
        if (draft.wantsLines()) {
          demand.merge(draft.tag(), draft.order.capacity(), Integer::sum);
          if (draft.order.patient()) {
            readable(draft.tag()).stream()
                .limit(1)
                .forEach(candidate -> needed.add(candidate.segment()));
          }
        }
      }
      Set<SegmentId> offered = new LinkedHashSet<>();
      demand.forEach((tag, lines) -> offered.addAll(enough(readable(tag), lines)));
      offered.removeAll(needed);
      locked = segments.lock(needed, true);
      locked.putAll(segments.lock(offered, false));
    }

    /** Where a tag has lines whose text is in memory. */
    private List<Candidate> readable(String tag) {
      return work.getOrDefault(tag, TagWork.NONE).tasks().stream()
          .flatMap(task -> task.candidates().stream())
          .filter(candidate -> texts.cached(candidate.segment()).isPresent())
          .toList();
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

    void count(Draft draft) {
      if (!draft.isSettling()) {
        return;
      }
      Settle report = (Settle) draft.order;
      Lease lease = draft.lease;
      Settlement settlement =
          new Settlement(
              lease,
              retries,
              now,
              lease.kind() == LeaseKind.RETRY
                  ? failures.past(lease.segment().taskId(), lease.lines())
                  : Map.of(),
              entries.of(lease.segment()));
      draft.counts =
          settlement.add(
              lease.withdrawn().isEmpty()
                  ? report.results()
                  : report.results().stream()
                      .filter(result -> lease.lines().contains(result.line()))
                      .toList(),
              report.text());
      draft.lease = lease.settled(report.report(), draft.counts, now);
      draft.changed = true;
    }

    void handOut(Draft draft) {
      if (!draft.wantsLines()) {
        return;
      }
      TagWork tagWork = work.getOrDefault(draft.tag(), TagWork.NONE);
      for (TaskWork task : tagWork.tasks()) {
        Optional<TakenLines> taken = takeFrom(task, draft);
        if (taken.isPresent()) {
          hold(draft, taken.get());
          return;
        }
        if (draft.busy || !draft.unread.isEmpty()) {
          return; // the task has lines, so a later one has to wait
        }
      }
      draft.busy = !tagWork.complete();
    }

    private Optional<TakenLines> takeFrom(TaskWork task, Draft draft) {
      for (Candidate candidate : task.candidates()) {
        SegmentId id = candidate.segment();
        Optional<SegmentText> text = texts.cached(id);
        OpenSegment segment = locked.get(id);
        if (text.isEmpty()) {
          draft.unread.add(id);
        } else if (segment == null) {
          draft.busy = true;
        } else if (segment.inProgress()) {
          Taking taking = new Taking(draft.order.leaseId(), draft.order.capacity(), now);
          Optional<TakenLines> taken =
              taker.take(segment, candidate.way(), text.get(), taking, entries.of(id));
          if (taken.isPresent()) {
            return taken;
          }
        }
      }
      return Optional.empty();
    }

    private void hold(Draft draft, TakenLines taken) {
      if (draft.order instanceof Open open) {
        draft.lease = Lease.opened(open.leaseId(), open.machine(), open.worker(), now);
      }
      draft.taken = taken;
      draft.lease =
          draft.lease.moveOn(
              taken.segment(),
              taken.kind(),
              taken.lines(),
              taken.losses(),
              now,
              now.plus(settings.leaseTime()));
      draft.changed = true;
      draft.busy = false;
      draft.unread.clear();
    }

    void write() {
      writer.write(entries, now);
      leases.insert(changed(true));
      leases.update(changed(false));
    }

    private List<Lease> changed(boolean opened) {
      return drafts.stream()
          .filter(draft -> draft.changed && draft.order instanceof Open == opened)
          .map(draft -> draft.lease)
          .toList();
    }
  }
}
