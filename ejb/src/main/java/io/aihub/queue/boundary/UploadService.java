package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.UploadAnswer;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.LeaseMemory;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LeasedTasks.TaskFacts;
import io.aihub.queue.control.UploadGrants;
import io.aihub.queue.control.UploadGrants.Claim;
import io.aihub.queue.control.WorkPool;
import io.aihub.queue.entity.Lease;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Lets the holder of a lease bring its files into storage. No EJB, as {@link LeaseService} is none.
 */
@ApplicationScoped
@Interceptors(DatabaseOutage.class)
public class UploadService {

  @Inject Clock clock;
  @Inject LeaseMemory memory;
  @Inject LeasedTasks tasks;
  @Inject UploadGrants grants;
  @Inject WorkPool pool;

  /**
   * Decides on each file and signs a request on the relay's address where it may be uploaded.
   *
   * @throws io.aihub.shared.NotFoundException {@code lease.unknown}
   * @throws io.aihub.shared.ForbiddenException {@code lease.foreign}
   * @throws io.aihub.shared.ConflictException {@code lease.superseded} or {@code lease.expired}
   * @throws io.aihub.shared.InvalidException a file is not of a line of this lease, or its line was
   *     named twice
   * @throws io.aihub.shared.UnavailableException storage does not answer
   */
  public UploadAnswer grant(MachineIdentity machine, UUID leaseId, UploadRequest request) {
    UploadCheck.requireWellFormed(request);
    Lease lease = memory.undivided(leaseId, request.sequence(), clock.instant());
    lease.requireHolder(machine.id());
    lease.requireCurrent(request.sequence(), clock.instant());
    UploadCheck.requireOwnLines(lease, request.files());
    long taskId = lease.segment().taskId();
    TaskFacts task = tasks.facts(taskId);
    Claim claim = new Claim(taskId, task.target(), task.overwrite());
    if (request.files().stream().noneMatch(UploadRequest.File::occupied)) {
      // nothing to look up, and to sign is less work than to have another thread do it
      return new UploadAnswer(
          request.files().stream().map(file -> decide(lease, claim, file)).toList());
    }
    return new UploadAnswer(
        pool.all(
            request.files().stream()
                .<Supplier<UploadGrant>>map(file -> () -> decide(lease, claim, file))
                .toList()));
  }

  private UploadGrant decide(Lease lease, Claim claim, UploadRequest.File file) {
    return lease.withdrawn().contains(file.line())
        ? withdrawn(file.line())
        : grants.decide(claim, file);
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
}
