package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.control.LimitRepository.MachineQuota;
import io.aihub.queue.control.WorkFinder.TagWork;
import io.aihub.queue.control.WorkFinder.TaskWork;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The limits of tasks and tags that one transaction has locked, and what it uses of them. */
final class HeldLimits {

  private final LimitRepository limits;
  private final Instant now;
  private final Map<Long, Allowance> allowances; // by task
  private final Map<String, MachineQuota> quotas; // by tag

  private HeldLimits(
      LimitRepository limits,
      Instant now,
      Map<Long, Allowance> allowances,
      Map<String, MachineQuota> quotas) {
    this.limits = limits;
    this.now = now;
    this.allowances = allowances;
    this.quotas = quotas;
  }

  /**
   * Locks the limits of all that has lines to hand out.
   *
   * @param settling leases that end or move on in this transaction, and don't count any more
   */
  static HeldLimits lock(
      LimitRepository limits, Map<String, TagWork> work, Collection<UUID> settling, Instant now) {
    List<Long> tasks =
        work.values().stream()
            .flatMap(tagWork -> tagWork.tasks().stream())
            .filter(TaskWork::limited)
            .map(TaskWork::taskId)
            .toList();
    List<String> tags =
        work.entrySet().stream()
            .filter(entry -> entry.getValue().limited())
            .map(Map.Entry::getKey)
            .toList();
    return new HeldLimits(
        limits, now, limits.lockTasks(tasks, settling, now), limits.lockTags(tags));
  }

  /** Whether a machine may work at all. */
  boolean admits(MachineIdentity machine) {
    MachineQuota quota = quotas.get(machine.tag());
    return quota == null || quota.admits(machine.id());
  }

  /** How many of the lines that are asked of a task it may give. */
  int permitted(long taskId, int asked) {
    Allowance allowance = allowances.get(taskId);
    return allowance == null ? asked : allowance.permits(asked);
  }

  /** Counts a lease of so many lines of a task. */
  void leased(MachineIdentity machine, long taskId, int lines) {
    Allowance allowance = allowances.get(taskId);
    if (allowance != null) {
      allowance.leased(lines);
    }
    MachineQuota quota = quotas.get(machine.tag());
    if (quota != null) {
      quota.machines().add(machine.id());
    }
  }

  /** Writes what is left. */
  void write() {
    limits.spend(allowances, now);
  }
}
