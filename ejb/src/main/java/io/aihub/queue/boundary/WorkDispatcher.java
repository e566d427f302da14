package io.aihub.queue.boundary;

import io.aihub.queue.control.LineTaker.Source;
import io.aihub.queue.control.SegmentText;
import io.aihub.queue.control.SegmentTexts;
import io.aihub.queue.control.TakenLines;
import io.aihub.queue.control.WorkFinder;
import io.aihub.queue.control.WorkFinder.Candidate;
import io.aihub.queue.control.WorkFinder.Way;
import io.aihub.queue.entity.SegmentId;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.task.boundary.TaskLifecycle;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Looks for lines until it has some or there are none: finds segments, reads their text into memory
 * and only then lets a transaction lock one.
 */
@Dependent
class WorkDispatcher {

  private static final int ROUNDS = 12;
  private static final int PATIENT_FROM = 2;

  private final WorkFinder finder;
  private final SegmentTexts texts;
  private final TaskLifecycle lifecycle;
  private final Clock clock;

  @Inject
  WorkDispatcher(WorkFinder finder, SegmentTexts texts, TaskLifecycle lifecycle, Clock clock) {
    this.finder = finder;
    this.texts = texts;
    this.lifecycle = lifecycle;
    this.clock = clock;
  }

  /** One transaction that tries to take lines. */
  @FunctionalInterface
  interface Attempt {

    /**
     * Takes lines from one of the sources, or none.
     *
     * @param wait whether to wait for a segment that another transaction holds
     */
    Optional<TakenLines> take(List<Source> sources, boolean wait);
  }

  /**
   * Segments to take lines from; empty where the tag has nothing to hand out.
   *
   * @param preferred the segment the worker has been on, or null; staying there keeps workers apart
   */
  List<Source> sources(String tag, SegmentId preferred) {
    return sources(tag, preferred, 1);
  }

  /** Takes lines by as many attempts as it needs; empty where there are none. */
  Optional<TakenLines> hunt(String tag, Attempt attempt) {
    for (int round = 0; round < ROUNDS; round++) {
      // after the first round the first segment is known to be in demand: have others at hand
      List<Source> sources = sources(tag, null, round == 0 ? 1 : 3);
      if (sources.isEmpty()) {
        return Optional.empty();
      }
      boolean patient = round >= PATIENT_FROM;
      Optional<TakenLines> taken = attempt.take(patient ? sources.subList(0, 1) : sources, patient);
      if (taken.isPresent()) {
        return taken;
      }
    }
    return Optional.empty();
  }

  /**
   * Finds segments and reads the text of the first {@code reads}; of the others those that are in
   * memory are sources too.
   */
  private List<Source> sources(String tag, SegmentId preferred, int reads) {
    List<Source> sources = new ArrayList<>();
    List<Candidate> found;
    do {
      found = finder.find(tag, clock.instant());
      List<Candidate> inOrder =
          found.stream()
              .sorted(
                  Comparator.comparing(Candidate::way)
                      .thenComparing(
                          one -> one.way() != Way.FRESH || !one.segment().equals(preferred)))
              .toList();
      for (int i = 0; i < inOrder.size(); i++) {
        Candidate candidate = inOrder.get(i);
        Optional<SegmentText> text =
            i < reads ? read(candidate.segment()) : texts.cached(candidate.segment());
        text.ifPresent(
            known -> sources.add(new Source(candidate.segment(), candidate.way(), known)));
      }
    } while (sources.isEmpty() && !found.isEmpty()); // its task was stopped: look at the next
    return sources;
  }

  /** Empty where the task had to be stopped, because its index is not what it was. */
  private Optional<SegmentText> read(SegmentId segment) {
    try {
      return Optional.of(texts.load(segment));
    } catch (ObjectAccessException noIndex) {
      lifecycle.fail(segment.taskId(), IndexProblems.reason(noIndex));
      return Optional.empty();
    }
  }
}
