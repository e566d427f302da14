package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.entity.SegmentId;
import java.util.EnumMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** How one step changes a segment's counters of failures by class. */
final class FailureCounts {

  private final Map<FailureClass, Change> changes = new EnumMap<>(FailureClass.class);

  private static final class Change {
    private int pending;
    private int failed;

    private boolean isNone() {
      return pending == 0 && failed == 0;
    }
  }

  /** Lines that will be tried again. */
  void pending(FailureClass failureClass, int by) {
    of(failureClass).pending += by;
  }

  /** Lines that have failed for good. */
  void failed(FailureClass failureClass, int by) {
    of(failureClass).failed += by;
  }

  private Change of(FailureClass failureClass) {
    return changes.computeIfAbsent(failureClass, unseen -> new Change());
  }

  void write(Jdbi jdbi, SegmentId id) {
    changes.forEach(
        (failureClass, change) -> {
          if (!change.isNone()) {
            write(jdbi, id, failureClass, change);
          }
        });
  }

  private static void write(Jdbi jdbi, SegmentId id, FailureClass failureClass, Change change) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    with known as (
                      update failure_count
                      set pending = pending + :pending, failed = failed + :failed
                      where task_id = :taskId and segment_no = :no and class = :class
                      returning 1)
                    insert into failure_count (task_id, segment_no, class, pending, failed)
                    select :taskId, :no, :class, :pending, :failed
                    where not exists (select 1 from known)
                    """)
                .bindMethods(id)
                .bind("class", failureClass.name())
                .bind("pending", change.pending)
                .bind("failed", change.failed)
                .execute());
  }
}
