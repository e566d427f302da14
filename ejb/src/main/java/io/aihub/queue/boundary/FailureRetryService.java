package io.aihub.queue.boundary;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.RetryAnswer;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.FailureRetries;
import io.aihub.queue.control.FailureRetries.Choice;
import io.aihub.queue.control.PinnedIndex;
import io.aihub.queue.control.Transactions;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import io.aihub.shared.Reason;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Lets people have failed lines tried again, all or some, of a task that runs or is finished. The
 * request costs the same for one line and for millions; the lines follow in background.
 */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class FailureRetryService {

  /** As many lines as can be chosen one by one. */
  public static final int MAX_LINES = 1_000;

  @Inject Clock clock;
  @Inject Transactions transactions;
  @Inject FailureRetries retries;
  @Inject PinnedIndex index;
  @Inject TaskService tasks;

  /**
   * Has failed lines tried again, as often as any line is tried; the task is in progress from here
   * on. Lines of class {@link FailureClass#INDEX} stay as they are: the index won't change.
   *
   * @throws io.aihub.shared.NotFoundException there is no such task
   * @throws io.aihub.shared.ForbiddenException the actor is not its submitter, its receiver or an
   *     admin
   * @throws ConflictException the task is neither finished nor running ({@code
   *     task.retry.refused}); none of its lines is of the choice ({@code retry.none}); its index is
   *     not what it was
   * @throws io.aihub.shared.InvalidException the choice makes no sense
   * @throws io.aihub.shared.UnavailableException storage does not answer
   */
  public RetryAnswer retry(String actor, long taskId, RetryRequest request) {
    Choice choice = choice(taskId, request);
    tasks.get(taskId);
    index.requireUnchanged(taskId);
    return transactions.call(
        () -> {
          long[] lines = new long[1];
          TaskView task =
              tasks.retryFailures(
                  actor,
                  taskId,
                  request.comment(),
                  () -> {
                    lines[0] = retries.count(choice);
                    if (lines[0] == 0) {
                      throw new ConflictException("retry.none");
                    }
                    return Reason.of("retry.asked", lines[0]);
                  });
          retries.ask(choice, clock.instant());
          return new RetryAnswer(task, lines[0]);
        });
  }

  private static Choice choice(long taskId, RetryRequest request) {
    List<FailureClass> named = request.classes() == null ? List.of() : request.classes();
    List<Long> lines = request.lines() == null ? List.of() : request.lines();
    InputCheck check = new InputCheck();
    if (named.contains(FailureClass.INDEX)) {
      check.reject("classes", "retry.class.index");
    }
    if (lines.size() > MAX_LINES) {
      check.reject("lines", "retry.lines.many", MAX_LINES);
    }
    if (named.stream().anyMatch(Objects::isNull)) {
      check.reject("classes", "input.required", "classes");
    }
    if (lines.stream().anyMatch(Objects::isNull)) {
      check.reject("lines", "input.required", "lines");
    }
    check.finish();
    Set<FailureClass> classes =
        named.isEmpty()
            ? EnumSet.complementOf(EnumSet.of(FailureClass.INDEX))
            : EnumSet.copyOf(named);
    return new Choice(taskId, classes, lines.isEmpty() ? null : Set.copyOf(lines));
  }

  /** Carries out what has been asked for, to its end. */
  public void proceed() {
    boolean more;
    do {
      more = transactions.call(() -> retries.step(clock.instant()));
    } while (more);
  }
}
