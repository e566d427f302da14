package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Finds, without locking anything, where lines are to be had. */
@Dependent
public class WorkFinder {

  /**
   * Segments looked at for a tag; a task takes ten at most, so these are of three tasks or more.
   */
  private static final int LIMIT = 32;

  private final Jdbi jdbi;

  @Inject
  public WorkFinder(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A segment with something to hand out.
   *
   * @param lines how many at least
   */
  record Candidate(SegmentId segment, Way way, int lines) {}

  /** Why a segment has lines to hand out; in the order in which they go. */
  enum Way {
    RETRY,
    RETURNED,
    FRESH
  }

  /**
   * The segments of one task.
   *
   * @param limited whether people have set limits for it
   */
  record TaskWork(long taskId, boolean limited, List<Candidate> candidates) {}

  /**
   * The first tasks of a tag that have any line to hand out, in their order.
   *
   * @param limited whether there is a limit on the machines of the tag
   * @param complete false where there may be more of it than was looked at
   */
  record TagWork(List<TaskWork> tasks, boolean limited, boolean complete) {

    static final TagWork NONE = new TagWork(List.of(), false, true);
  }

  /**
   * What each tag has to hand out: by priority, then by time of approval. A task that has reached
   * its limits is left out. A tag without anything isn't in it.
   *
   * @param settling leases that end or move on in this transaction, and don't count any more
   */
  Map<String, TagWork> find(Collection<String> tags, Collection<UUID> settling, Instant now) {
    Map<String, List<TaskWork>> tasks = new HashMap<>();
    Map<String, Integer> found = new HashMap<>();
    Set<String> limited = new HashSet<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select g.tag, exists(select 1 from tag_limit x where x.tag = g.tag) as tag_limited,
                      c.*
                    from unnest(:tags) as g (tag)
                    cross join lateral (
                      select t.id, x.task_id is not null as limited, w.way, w.segment_no, w.lines
                      from download_task t
                      left join task_limit x on x.task_id = t.id
                      cross join lateral (
                        (select 0 as way, f.segment_no, 1 as lines from failed_line f
                          where f.task_id = t.id and f.state = 'WAITING' and f.due_at <= :now
                          order by f.due_at limit 4)
                        union all
                        (select 1 as way, r.segment_no, r.line_count from returned_range r
                          where r.task_id = t.id
                          order by r.segment_no, r.first_line limit 2)
                        union all
                        (select 2 as way, s.segment_no, s.line_count - s.cursor from segment s
                          where s.task_id = t.id and s.state = 'OPEN'
                          order by s.segment_no limit 4)) w
                      where t.machine_tag = g.tag and t.state = 'IN_PROGRESS'
                        and (x.max_leases is null or x.max_leases > (
                          select count(*) from lease l
                          where l.task_id = t.id and l.state = 'HELD' and l.id <> all(:settling)))
                        and (x.lines_per_second is null or x.allowance + x.lines_per_second
                          * extract(epoch from :now::timestamptz - x.refilled_at) >= 1)
                      order by t.priority desc, t.approved_at, t.id, w.way
                      limit :limit) c
                    """)
                .bindArray("tags", String.class, tags)
                .bindArray("settling", UUID.class, settling)
                .bind("now", now)
                .bind("limit", LIMIT)
                .map(
                    (row, context) -> {
                      String tag = row.getString("tag");
                      found.merge(tag, 1, Integer::sum);
                      SegmentId segment =
                          new SegmentId(row.getLong("id"), row.getInt("segment_no"));
                      Way way = Way.values()[row.getInt("way")];
                      if (row.getBoolean("tag_limited")) {
                        limited.add(tag);
                      }
                      add(
                          tasks.computeIfAbsent(tag, unseen -> new ArrayList<>()),
                          row.getBoolean("limited"),
                          new Candidate(segment, way, row.getInt("lines")));
                      return tag;
                    })
                .list());
    Map<String, TagWork> work = new HashMap<>();
    tasks.forEach(
        (tag, list) ->
            work.put(tag, new TagWork(list, limited.contains(tag), found.get(tag) < LIMIT)));
    return work;
  }

  private static void add(List<TaskWork> tasks, boolean limited, Candidate candidate) {
    long taskId = candidate.segment().taskId();
    if (tasks.isEmpty() || tasks.get(tasks.size() - 1).taskId() != taskId) {
      tasks.add(new TaskWork(taskId, limited, new ArrayList<>()));
    }
    List<Candidate> candidates = tasks.get(tasks.size() - 1).candidates();
    if (!candidates.contains(candidate)) { // several lines of one segment are due
      candidates.add(candidate);
    }
  }
}
