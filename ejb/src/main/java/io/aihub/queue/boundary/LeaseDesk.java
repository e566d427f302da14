package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.control.GroupCommit;
import io.aihub.queue.control.LeaseMemory;
import io.aihub.queue.control.LeaseOrder;
import io.aihub.queue.control.LeaseOrder.Open;
import io.aihub.queue.control.LeaseOrder.Resume;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.LeaseResult;
import io.aihub.queue.control.SegmentTexts;
import io.aihub.queue.entity.SegmentId;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.task.boundary.TaskLifecycle;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/**
 * Submits orders until they have brought lines or there are none: reads the text of segments into
 * memory in between, which no transaction may wait for. Gives up after some rounds, where segment
 * upon segment has nothing but blank lines; the result then says that trying again is worth it.
 */
@Dependent
class LeaseDesk {

  private static final int ROUNDS = 12;
  private static final int PATIENT_FROM = 2;

  private final GroupCommit commit;
  private final SegmentTexts texts;
  private final LeaseMemory memory;
  private final TaskLifecycle lifecycle;
  private final SegmentService segments;

  @Inject
  LeaseDesk(
      GroupCommit commit,
      SegmentTexts texts,
      LeaseMemory memory,
      TaskLifecycle lifecycle,
      SegmentService segments) {
    this.commit = commit;
    this.texts = texts;
    this.memory = memory;
    this.lifecycle = lifecycle;
    this.segments = segments;
  }

  /** Opens a lease; no lines where there are none. */
  LeaseResult open(MachineIdentity machine, String worker, int capacity) {
    UUID id = UUID.randomUUID();
    LeaseResult result = commit.submit(new Open(machine, id, worker, capacity, false));
    return hunt(result, patient -> new Open(machine, id, worker, capacity, patient));
  }

  /** Counts a report and takes the next lines. */
  LeaseResult settle(Settle report) {
    LeaseResult settled = commit.submit(report);
    LeaseResult last =
        hunt(
            settled,
            patient ->
                new Resume(
                    report.machine(),
                    report.leaseId(),
                    report.report(),
                    report.capacity(),
                    patient));
    if (last.lease() == null) {
      memory.ended(report.leaseId());
    }
    if (settled.settlesSegment()) {
      segments.settled(report.lease().segment());
    }
    return new LeaseResult(
        settled.counts(),
        settled.settlesSegment(),
        last.taken(),
        last.lease(),
        last.unread(),
        last.busy());
  }

  /** Makes the order that is submitted in the next round. */
  @FunctionalInterface
  private interface Again {
    LeaseOrder order(boolean patient);
  }

  private LeaseResult hunt(LeaseResult first, Again again) {
    LeaseResult result = first;
    for (int round = 1; round < ROUNDS && result.isWorthAnotherTry(); round++) {
      readOne(result.unread());
      result = commit.submit(again.order(round >= PATIENT_FROM));
    }
    if (result.lease() != null) {
      memory.granted(result.lease());
    }
    return result;
  }

  /** The first that can be read serves; the others are on their way into memory. */
  private void readOne(List<SegmentId> unread) {
    for (SegmentId segment : unread) {
      if (read(segment)) {
        return;
      }
    }
  }

  /** Reads a segment; its task is stopped where its index is not what it was. */
  private boolean read(SegmentId segment) {
    try {
      texts.load(segment);
      return true;
    } catch (ObjectAccessException noIndex) {
      lifecycle.fail(segment.taskId(), IndexProblems.reason(noIndex));
      return false;
    }
  }
}
