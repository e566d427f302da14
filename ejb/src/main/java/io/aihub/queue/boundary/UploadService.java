package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.UploadAnswer;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.LeaseRepository;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LeasedTasks.TaskFacts;
import io.aihub.queue.control.UploadGrants;
import io.aihub.queue.control.UploadGrants.Claim;
import io.aihub.queue.control.WorkPool;
import io.aihub.queue.entity.Lease;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Lets the holder of a lease bring its files into storage. */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class UploadService {

  @Inject Clock clock;
  @Inject LeaseRepository leases;
  @Inject LeasedTasks tasks;
  @Inject UploadGrants grants;
  @Inject WorkPool pool;

  /**
   * Decides on each file and signs a request on the relay's address where it may be uploaded.
   *
   * @throws NotFoundException {@code lease.unknown}
   * @throws io.aihub.shared.ForbiddenException {@code lease.foreign}
   * @throws io.aihub.shared.ConflictException {@code lease.superseded} or {@code lease.expired}
   * @throws InvalidException a file is not of a line of this lease, or its line was named twice
   * @throws io.aihub.shared.UnavailableException storage does not answer
   */
  public UploadAnswer grant(MachineIdentity machine, UUID leaseId, UploadRequest request) {
    Lease lease =
        leases.find(leaseId).orElseThrow(() -> new NotFoundException("lease.unknown", leaseId));
    lease.requireHolder(machine.id());
    lease.requireCurrent(request.sequence(), clock.instant());
    requireOwnLines(lease, request.files());
    long taskId = lease.segment().taskId();
    TaskFacts task = tasks.facts(taskId);
    List<Supplier<UploadGrant>> decisions = new ArrayList<>();
    for (UploadRequest.File file : request.files()) {
      if (lease.withdrawn().contains(file.line())) {
        decisions.add(() -> withdrawn(file.line()));
        continue;
      }
      decisions.add(() -> grants.decide(new Claim(taskId, task.target(), task.overwrite()), file));
    }
    return new UploadAnswer(pool.all(decisions));
  }

  private static UploadGrant withdrawn(long line) {
    return new UploadGrant(
        line,
        UploadGrant.Decision.REFUSED,
        null,
        null,
        null,
        FailureClass.LOST,
        "Line " + line + " went to another worker, because this one was slow.");
  }

  private static void requireOwnLines(Lease lease, List<UploadRequest.File> files) {
    Set<Long> unclaimed = new HashSet<>(lease.lines());
    unclaimed.addAll(lease.withdrawn());
    for (int i = 0; i < files.size(); i++) {
      long line = files.get(i).line();
      if (!unclaimed.remove(line)) {
        throw new InvalidException("files[" + i + "].line", "lease.file.line", line);
      }
    }
  }
}
