package io.aihub.queue.boundary;

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
     * Takes lines from one of the candidates, or none.
     *
     * @param wait whether to wait for a segment that another transaction holds
     */
    Optional<TakenLines> take(List<Candidate> candidates, boolean wait);
  }

  /**
   * Segments to take lines from, the first of them with its text in memory; empty where the tag has
   * nothing to hand out.
   *
   * @param preferred the segment the worker has been on, or null; staying there keeps workers apart
   */
  List<Candidate> candidates(String tag, SegmentId preferred) {
    while (true) {
      List<Candidate> found =
          finder.find(tag, clock.instant()).stream()
              .sorted(
                  Comparator.comparing(Candidate::way)
                      .thenComparing(
                          one -> one.way() != Way.FRESH || !one.segment().equals(preferred)))
              .toList();
      if (found.isEmpty() || isReadable(found.get(0).segment())) {
        return found;
      }
    }
  }

  /** Takes lines by as many attempts as it needs; empty where there are none. */
  Optional<TakenLines> hunt(String tag, Attempt attempt) {
    for (int round = 0; round < ROUNDS; round++) {
      List<Candidate> candidates = candidates(tag, null);
      if (candidates.isEmpty()) {
        return Optional.empty();
      }
      if (round > 0) { // the first is taken by others: have a second and a third at hand
        candidates.stream().limit(3).forEach(one -> isReadable(one.segment()));
      }
      boolean patient = round >= PATIENT_FROM;
      Optional<TakenLines> taken =
          attempt.take(patient ? candidates.subList(0, 1) : candidates, patient);
      if (taken.isPresent()) {
        return taken;
      }
    }
    return Optional.empty();
  }

  /** False where the task had to be stopped, because its index is not what it was. */
  private boolean isReadable(SegmentId segment) {
    try {
      texts.load(segment);
      return true;
    } catch (ObjectAccessException noIndex) {
      lifecycle.fail(segment.taskId(), IndexProblems.reason(noIndex));
      return false;
    }
  }
}
