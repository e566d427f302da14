package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.entity.Lease;
import java.util.List;
import java.util.UUID;

/**
 * What one call of a worker asks of the queue's next transaction.
 *
 * @see GroupCommit
 */
public sealed interface LeaseOrder {

  /** Who asks. */
  MachineIdentity machine();

  /** The lease that is opened or goes on. */
  UUID leaseId();

  /** How many lines to hand out at most; 0 for none. */
  int capacity();

  /**
   * Whether to wait for a segment that another server is busy with, rather than coming back without
   * lines.
   */
  boolean patient();

  /**
   * A new lease.
   *
   * @param worker name of the worker within its machine
   */
  record Open(MachineIdentity machine, UUID leaseId, String worker, int capacity, boolean patient)
      implements LeaseOrder {}

  /**
   * A report, and the lines after it.
   *
   * @param lease as the server knows it, at the sequence that the report has; the transaction
   *     decides whether it still is so
   * @param report names the report, so that a repeat is known
   * @param results verified already
   * @param text the segment's text for the failure log; null where nothing failed, or where it
   *     cannot be read
   */
  record Settle(
      MachineIdentity machine,
      Lease lease,
      UUID report,
      List<LineResult> results,
      SegmentText text,
      int capacity)
      implements LeaseOrder {

    @Override
    public UUID leaseId() {
      return lease.id();
    }

    @Override
    public boolean patient() {
      return false;
    }
  }

  /** The lines after a report that has been counted, but came back without any. */
  record Resume(MachineIdentity machine, UUID leaseId, UUID report, int capacity, boolean patient)
      implements LeaseOrder {}
}
