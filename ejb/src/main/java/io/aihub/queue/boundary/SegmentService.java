package io.aihub.queue.boundary;

import io.aihub.queue.control.ClosingBacklog;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.IngestRepository;
import io.aihub.queue.control.IngestRepository.WorkingCopyOf;
import io.aihub.queue.control.ManifestWriter;
import io.aihub.queue.control.TaskCompletion;
import io.aihub.queue.control.Transactions;
import io.aihub.queue.entity.SegmentId;
import io.aihub.shared.Reason;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.storage.control.ObjectStore;
import io.aihub.task.boundary.TaskLifecycle;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/** Closes segments whose every line has its outcome, and completes tasks. */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SegmentService {

  private static final Logger LOG = System.getLogger(SegmentService.class.getName());
  private static final int BATCH = 20;

  @Inject Transactions transactions;
  @Inject ManifestWriter manifest;
  @Inject ClosingBacklog backlog;
  @Inject TaskCompletion completion;
  @Inject IngestRepository ingests;
  @Inject ObjectStore store;
  @Inject TaskLifecycle lifecycle;

  /**
   * Writes the manifest of every settled segment, completes every task that is accounted for, and
   * deletes what ended tasks leave behind.
   *
   * @throws io.aihub.shared.UnavailableException where storage does not answer; what is left is
   *     done the next time
   */
  public void closeSettled() {
    List<SegmentId> settled = List.of();
    do {
      SegmentId last = settled.isEmpty() ? null : settled.get(settled.size() - 1);
      settled = manifest.settled(last, BATCH);
      settled.forEach(this::close);
      if (!settled.isEmpty()) {
        manifest.makeRoom();
      }
    } while (settled.size() == BATCH);
    completion.candidates().forEach(this::complete);
    boolean more;
    do {
      more = transactions.call(this::deleteLeftBehind);
    } while (more);
  }

  /**
   * Takes note of a segment whose last line has just been counted. {@link #closeSettled} will close
   * it; but lines must not be settled faster than segments are closed for long, or their records
   * would fill the database. So where too many wait, the caller closes the oldest. Never fails:
   * what can't be closed now is left to the timer.
   */
  public void settled(SegmentId segment) {
    backlog.add(segment);
    try {
      for (Optional<SegmentId> oldest = backlog.takeSurplus();
          oldest.isPresent();
          oldest = backlog.takeSurplus()) {
        close(oldest.get());
      }
    } catch (RuntimeException failure) {
      LOG.log(Level.DEBUG, "A segment is closed later, by the timer", failure);
    }
  }

  private void close(SegmentId segment) {
    try {
      manifest.close(segment);
      backlog.remove(segment);
    } catch (ObjectAccessException noPart) {
      lifecycle.fail(segment.taskId(), Reason.of("manifest.missing", segment.no()));
    }
  }

  private void complete(long taskId) {
    transactions.call(
        () -> {
          if (completion.isCertain(taskId)) {
            lifecycle.complete(taskId);
          }
          return null;
        });
  }

  /**
   * Whether there was any. The task stays locked: whoever wants it to go on finds the copy gone.
   */
  private boolean deleteLeftBehind() {
    Optional<WorkingCopyOf> copy = ingests.lockLeftBehind();
    copy.ifPresent(
        one -> {
          store.delete(one.bucket(), one.key());
          ingests.workingCopyDeleted(one.taskId());
        });
    return copy.isPresent();
  }
}
