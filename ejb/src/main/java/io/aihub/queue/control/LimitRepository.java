package io.aihub.queue.control;

import io.aihub.queue.api.TaskLimits;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The rows of limits. Those of tasks and tags that have one are locked while lines of them are
 * handed out, so that two servers never exceed it together.
 */
@Dependent
public class LimitRepository {

  private final Jdbi jdbi;

  @Inject
  public LimitRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The limits of a task, {@link TaskLimits#NONE} where it has none. */
  public TaskLimits ofTask(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select max_leases, lines_per_second from task_limit where task_id = :id")
                .bind("id", taskId)
                .map(
                    (row, context) ->
                        new TaskLimits(
                            row.getObject("max_leases", Integer.class),
                            row.getObject("lines_per_second", Integer.class)))
                .findOne()
                .orElse(TaskLimits.NONE));
  }

  /** Whether a tag has lines that only wait for the pace of their task. */
  public boolean isPaced(String tag) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (
                      select 1 from task_limit x join download_task t on t.id = x.task_id
                      where x.lines_per_second is not null and t.machine_tag = :tag
                        and t.state = 'IN_PROGRESS'
                        and exists (select 1 from segment s where s.task_id = t.id and not s.closed))
                    """)
                .bind("tag", tag)
                .mapTo(Boolean.class)
                .one());
  }

  /** Sets the limits of a task or, with {@link TaskLimits#NONE}, takes them away. */
  public void set(long taskId, TaskLimits limits, Instant now) {
    jdbi.useHandle(
        handle -> {
          if (limits.equals(TaskLimits.NONE)) {
            handle.execute("delete from task_limit where task_id = ?", taskId);
            return;
          }
          handle
              .createUpdate(
                  """
                  insert into task_limit (task_id, max_leases, lines_per_second, refilled_at)
                  values (:id, :maxLeases, :linesPerSecond, :now)
                  on conflict (task_id) do update set max_leases = excluded.max_leases,
                    lines_per_second = excluded.lines_per_second
                  """)
              .bind("id", taskId)
              .bind("maxLeases", limits.maxLeases())
              .bind("linesPerSecond", limits.linesPerSecond())
              .bind("now", now)
              .execute();
        });
  }

  /** How many machines each limited tag may use at a time, by tag. */
  public Map<String, Integer> machineLimits() {
    Map<String, Integer> limits = new TreeMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("select tag, max_machines from tag_limit")
                .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(limit -> limits.put(limit.getKey(), limit.getValue())));
    return limits;
  }

  /**
   * Sets how many machines of a tag may hold leases at a time.
   *
   * @param maxMachines empty for all
   */
  public void set(String tag, Optional<Integer> maxMachines) {
    jdbi.useHandle(
        handle -> {
          if (maxMachines.isEmpty()) {
            handle.execute("delete from tag_limit where tag = ?", tag);
            return;
          }
          handle.execute(
              """
              insert into tag_limit (tag, max_machines) values (?, ?)
              on conflict (tag) do update set max_machines = excluded.max_machines
              """,
              tag,
              maxMachines.get());
        });
  }

  /**
   * What limited tasks may still take; locks their rows.
   *
   * @param settling leases that end or move on in this transaction, and don't count any more
   */
  Map<Long, Allowance> lockTasks(Collection<Long> taskIds, Collection<UUID> settling, Instant now) {
    Map<Long, Allowance> allowances = new HashMap<>();
    if (taskIds.isEmpty()) {
      return allowances;
    }
    jdbi.useHandle(
        handle -> {
          handle
              .createQuery(
                  """
                  select 1 from task_limit where task_id = any(:ids) order by task_id for update
                  """)
              .bindArray("ids", Long.class, taskIds)
              .mapTo(Integer.class)
              .list();
          handle // sees what was committed before the rows were locked
              .createQuery(
                  """
                  select x.*, (
                      select count(*) from lease l
                      where l.task_id = x.task_id and l.state = 'HELD' and l.id <> all(:settling))
                    as leases
                  from task_limit x where x.task_id = any(:ids)
                  """)
              .bindArray("ids", Long.class, taskIds)
              .bindArray("settling", UUID.class, settling)
              .map(
                  (row, context) ->
                      Map.entry(
                          row.getLong("task_id"),
                          new Allowance(
                              row.getObject("max_leases", Integer.class),
                              row.getObject("lines_per_second", Integer.class),
                              row.getInt("leases"),
                              row.getDouble("allowance"),
                              row.getObject("refilled_at", OffsetDateTime.class).toInstant(),
                              now)))
              .forEach(entry -> allowances.put(entry.getKey(), entry.getValue()));
        });
    return allowances;
  }

  /** Keeps what is left of the allowances. */
  void spend(Map<Long, Allowance> allowances, Instant now) {
    if (allowances.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  update task_limit set allowance = :lines, refilled_at = :now where task_id = :id
                  """);
          allowances.forEach(
              (taskId, allowance) ->
                  batch.bind("id", taskId).bind("lines", allowance.lines()).bind("now", now).add());
          batch.execute();
        });
  }

  /**
   * How many machines may hold leases at a time, and which do.
   *
   * @param machines by id; grows as leases are granted
   */
  record MachineQuota(int max, Set<Long> machines) {

    boolean admits(long machineId) {
      return machines.contains(machineId) || machines.size() < max;
    }
  }

  /** The quotas of limited tags; locks their rows. */
  Map<String, MachineQuota> lockTags(Collection<String> tags) {
    Map<String, MachineQuota> quotas = new HashMap<>();
    if (tags.isEmpty()) {
      return quotas;
    }
    jdbi.useHandle(
        handle -> {
          handle
              .createQuery(
                  """
                  select tag, max_machines from tag_limit where tag = any(:tags)
                  order by tag for update
                  """)
              .bindArray("tags", String.class, tags)
              .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
              .forEach(
                  limit ->
                      quotas.put(
                          limit.getKey(), new MachineQuota(limit.getValue(), new HashSet<>())));
          handle
              .createQuery(
                  """
                  select distinct t.machine_tag, l.machine_id
                  from lease l join download_task t on t.id = l.task_id
                  where l.state = 'HELD' and t.machine_tag = any(:tags)
                  """)
              .bindArray("tags", String.class, quotas.keySet())
              .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
              .forEach(held -> quotas.get(held.getKey()).machines().add(held.getValue()));
        });
    return quotas;
  }
}
