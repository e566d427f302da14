package io.aihub.queue.control;

import io.aihub.queue.entity.SegmentId;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Finds, without locking anything, where lines are to be had. */
@Dependent
public class WorkFinder {

  private final Jdbi jdbi;

  @Inject
  public WorkFinder(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A segment with something to hand out. */
  public record Candidate(SegmentId segment, Way way) {}

  /** Why a segment has lines to hand out; in the order in which they go. */
  public enum Way {
    RETRY,
    RETURNED,
    FRESH
  }

  /**
   * Segments of the first task of the tag that has any line to hand out: by priority, then by time
   * of approval. Empty where no task has.
   */
  public List<Candidate> find(String tag, Instant now) {
    List<Candidate> found =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select t.id, w.way, w.segment_no
                        from download_task t
                        cross join lateral (
                          (select 0 as way, f.segment_no from failed_line f
                            where f.task_id = t.id and f.state = 'WAITING' and f.due_at <= :now
                            order by f.due_at limit 4)
                          union all
                          (select 1 as way, r.segment_no from returned_range r
                            where r.task_id = t.id
                            order by r.segment_no, r.first_line limit 4)
                          union all
                          (select 2 as way, s.segment_no from segment s
                            where s.task_id = t.id and s.state = 'OPEN'
                            order by s.segment_no limit 8)) w
                        where t.machine_tag = :tag and t.state = 'IN_PROGRESS'
                        order by t.priority desc, t.approved_at, t.id, w.way
                        limit 16
                        """)
                    .bind("tag", tag)
                    .bind("now", now)
                    .map(
                        (row, context) ->
                            new Candidate(
                                new SegmentId(row.getLong("id"), row.getInt("segment_no")),
                                Way.values()[row.getInt("way")]))
                    .list());
    return found.stream()
        .filter(one -> one.segment().taskId() == found.get(0).segment().taskId())
        .distinct()
        .toList();
  }
}
