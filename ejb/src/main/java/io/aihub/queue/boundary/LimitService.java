package io.aihub.queue.boundary;

import io.aihub.identity.control.UserRepository;
import io.aihub.queue.api.TaskLimits;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.LimitRepository;
import io.aihub.shared.InputCheck;
import io.aihub.task.boundary.TaskService;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * How much of the fleet a task may use, and how much of a tag's machines; acts on the next lease.
 */
@Stateless
@Interceptors(DatabaseOutage.class)
public class LimitService {

  private static final int MAX_LEASES = 100_000;
  private static final int MAX_LINES_PER_SECOND = 1_000_000;
  private static final int MAX_MACHINES = 100_000;

  @Inject Clock clock;
  @Inject LimitRepository limits;
  @Inject TaskService tasks;
  @Inject UserRepository users;

  /** {@link TaskLimits#NONE} where the task has none. */
  public TaskLimits ofTask(long taskId) {
    return limits.ofTask(taskId);
  }

  /**
   * Sets the limits of a task; a part that is null is no limit. Its submitter, its receiver and
   * admins may.
   *
   * @throws io.aihub.shared.InvalidException {@code maxLeases} or {@code linesPerSecond} out of
   *     range
   */
  public TaskLimits limit(String actor, long taskId, TaskLimits wanted) {
    tasks.requireControl(actor, taskId);
    InputCheck check = new InputCheck();
    check.optionalCount("maxLeases", wanted.maxLeases(), MAX_LEASES);
    check.optionalCount("linesPerSecond", wanted.linesPerSecond(), MAX_LINES_PER_SECOND);
    check.finish();
    limits.set(taskId, wanted, clock.instant());
    return wanted;
  }

  /** How many machines of each limited tag may hold leases at a time. */
  public Map<String, Integer> machineLimits() {
    return limits.machineLimits();
  }

  /**
   * Sets how many machines of a tag may hold leases at a time; only admins may.
   *
   * @param maxMachines null for all
   * @throws io.aihub.shared.InvalidException {@code tag} or {@code maxMachines} is no good
   */
  public void limitMachines(String actor, String tag, Integer maxMachines) {
    users.admin(actor);
    InputCheck check = new InputCheck();
    check.requiredText("tag", tag, 64);
    check.optionalCount("maxMachines", maxMachines, MAX_MACHINES);
    check.finish();
    limits.set(tag, Optional.ofNullable(maxMachines));
  }
}
