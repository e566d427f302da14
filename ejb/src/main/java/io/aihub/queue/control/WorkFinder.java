package io.aihub.queue.control;

import static io.aihub.queue.control.RoundTrip.texts;
import static io.aihub.queue.control.RoundTrip.uuids;

import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.entity.SegmentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds, without locking anything, where lines are to be had. */
final class WorkFinder {

  /**
   * Segments looked at for a tag; a task takes ten at most, so these are of three tasks or more.
   */
  private static final int LIMIT = 32;

  private static final int FRESH_SEGMENTS = 4; // looked at for a task

  private static final String FIND =
      """
      select g.tag, exists(select 1 from tag_limit x where x.tag = g.tag), c.*
      from unnest(?) as g (tag)
      cross join lateral (
        select t.id, x.task_id is not null as limited, w.way, w.segment_no, w.lines
        from download_task t
        left join task_limit x on x.task_id = t.id
        cross join lateral (
          (select 0 as way, f.segment_no, 1 as lines from failed_line f
            where f.task_id = t.id and f.state = 'WAITING' and f.due_at <= ?
            order by f.due_at limit 4)
          union all
          (select 1 as way, r.segment_no, r.line_count from returned_range r
            where r.task_id = t.id
            order by r.segment_no, r.first_line limit 2)
          union all
          (select 2 as way, s.segment_no, s.line_count - s.cursor from segment s
            where s.task_id = t.id and s.state = 'OPEN'
            order by s.segment_no limit %d)) w
        where t.machine_tag = g.tag and t.state = 'IN_PROGRESS'
          and (x.max_leases is null or x.max_leases > (
            select count(*) from lease l
            where l.task_id = t.id and l.state = 'HELD' and l.id <> all(?)))
          and (x.lines_per_second is null or x.allowance + x.lines_per_second
            * extract(epoch from ?::timestamptz - x.refilled_at) >= 1)
        order by t.priority desc, t.approved_at, t.id, w.way
        limit ?) c
      """
          .formatted(FRESH_SEGMENTS);

  private WorkFinder() {}

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
  record TaskWork(long taskId, boolean limited, List<Candidate> candidates) {

    /** Whether there may be segments behind these; they may all have nothing but blank lines. */
    boolean mayHaveMore() {
      return candidates.stream().filter(candidate -> candidate.way() == Way.FRESH).count()
          == FRESH_SEGMENTS;
    }
  }

  /**
   * The first tasks of a tag that have any line to hand out, in their order.
   *
   * @param limited whether there is a limit on the machines of the tag
   * @param complete false where there may be more of it than was looked at
   */
  record TagWork(List<TaskWork> tasks, boolean limited, boolean complete) {

    static final TagWork NONE = new TagWork(List.of(), false, true);

    /** Whether the tag or one of these tasks has a limit. */
    boolean anyLimited() {
      return limited || tasks.stream().anyMatch(TaskWork::limited);
    }
  }

  /**
   * What each tag has to hand out: by priority, then by time of approval. A task that has reached
   * its limits is left out.
   *
   * @param settling leases that end or move on in this transaction, and don't count any more
   */
  static Question<Found> find(
      RoundTrip trip, Collection<String> tags, Collection<UUID> settling, Instant now) {
    return trip.ask(
        FIND,
        row ->
            new Found(
                row.getString(1),
                row.getBoolean(2),
                row.getBoolean(4),
                new Candidate(
                    new SegmentId(row.getLong(3), row.getInt(6)),
                    Way.values()[row.getInt(5)],
                    row.getInt(7))),
        texts(tags, tag -> tag),
        now,
        uuids(settling, id -> id),
        now,
        LIMIT);
  }

  /** Those of the tasks from which lines may be handed out. */
  static Question<Long> inProgress(RoundTrip trip, Collection<Long> tasks) {
    return tasks.isEmpty()
        ? Question.unasked()
        : trip.ask(
            "select id from download_task where id = any(?) and state = 'IN_PROGRESS'",
            row -> row.getLong(1),
            RoundTrip.bigints(tasks, Long::longValue));
  }

  /** A candidate, and what is said of its tag and task beside it. */
  record Found(String tag, boolean tagLimited, boolean taskLimited, Candidate candidate) {}

  /** Rows that were found, by tag; a tag without any isn't in it. */
  static Map<String, TagWork> byTag(List<Found> rows) {
    Map<String, List<Found>> tags =
        rows.stream().collect(Collectors.groupingBy(Found::tag)); // keeps their order
    return tags.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, tag -> work(tag.getValue())));
  }

  private static TagWork work(List<Found> rows) {
    List<TaskWork> tasks = new ArrayList<>();
    rows.forEach(row -> add(tasks, row.taskLimited(), row.candidate()));
    return new TagWork(tasks, rows.get(0).tagLimited(), rows.size() < LIMIT);
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
