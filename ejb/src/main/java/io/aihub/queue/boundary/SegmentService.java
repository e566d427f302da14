package io.aihub.queue.boundary;

import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.IngestRepository;
import io.aihub.queue.control.IngestRepository.WorkingCopyOf;
import io.aihub.queue.control.ManifestWriter;
import io.aihub.queue.entity.SegmentId;
import io.aihub.storage.control.ObjectStore;
import io.aihub.task.boundary.TaskLifecycle;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.util.List;

/** Closes segments whose every line has its outcome, and completes tasks. */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SegmentService {

  private static final int BATCH = 50;

  @Inject ManifestWriter manifest;
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
    List<SegmentId> settled;
    do {
      settled = manifest.settled(BATCH);
      settled.forEach(manifest::close);
    } while (settled.size() == BATCH);
    manifest.complete().forEach(lifecycle::complete);
    for (WorkingCopyOf copy : ingests.leftBehind()) {
      store.delete(copy.bucket(), copy.key());
      ingests.workingCopyDeleted(copy.taskId());
    }
  }
}
