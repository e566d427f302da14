package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.RenewAnswer;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.LeaseMemory;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.LeaseRepository;
import io.aihub.queue.control.LeaseResult;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LimitRepository;
import io.aihub.queue.control.QueueSettings;
import io.aihub.queue.control.TakenLines;
import io.aihub.queue.control.Transactions;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.SettleCounts;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Hands lines out to workers and takes their reports. Looks into storage first and then counts in
 * one transaction, so it must not be called within any. No EJB, for it needs nothing of what EJBs
 * give it, and a call through an EJB's proxies was a twentieth of all that a settle costs.
 */
@ApplicationScoped
@Interceptors(DatabaseOutage.class)
public class LeaseService {

  @Inject Clock clock;
  @Inject QueueSettings settings;
  @Inject Transactions transactions;
  @Inject LeaseRepository leases;
  @Inject LeasedTasks tasks;
  @Inject LeaseMemory memory;
  @Inject LimitRepository limits;
  @Inject LeaseDesk desk;
  @Inject ReportCheck reports;

  /**
   * Takes the next lines of the machine's tag.
   *
   * @throws InvalidException the capacity or the worker's name can't be
   * @throws io.aihub.shared.UnavailableException where the index cannot be read because storage
   *     does not answer
   */
  public LeaseOffer lease(MachineIdentity machine, LeaseRequest request) {
    reports.requireWellFormed(request);
    int capacity = request.capacity() == null ? LeaseRequest.DEFAULT_CAPACITY : request.capacity();
    LeaseResult result = desk.open(machine, request.worker(), capacity);
    return new LeaseOffer(grant(result), askAgain(machine, result.isWorthAnotherTry()));
  }

  /**
   * Counts a report and takes the next lines in one go.
   *
   * @throws NotFoundException {@code lease.unknown}: no such lease, or ended long ago
   * @throws io.aihub.shared.ForbiddenException {@code lease.foreign}: another machine's
   * @throws ConflictException {@code lease.superseded}: settled by another report; {@code
   *     lease.expired}: its time ran out. In both cases nothing is counted
   * @throws io.aihub.shared.InvalidException the results are not those of the leased lines
   * @throws io.aihub.shared.UnavailableException storage does not answer; nothing is counted, and
   *     the same report may be sent again
   */
  public SettleAnswer settle(MachineIdentity machine, UUID leaseId, SettleRequest report) {
    reports.requireWellFormed(report);
    Lease lease = memory.at(leaseId, report.sequence(), clock.instant());
    lease.requireHolder(machine.id());
    if (lease.hasCounted(report.report())) {
      return repeat(machine, lease, report);
    }
    try {
      return count(machine, lease, report);
    } catch (ConflictException conflict) {
      memory.ended(leaseId);
      Lease now = memory.read(leaseId);
      if (now.hasCounted(report.report())) { // the same report, sent twice at once
        return repeat(machine, now, report);
      }
      throw conflict;
    }
  }

  private SettleAnswer count(MachineIdentity machine, Lease lease, SettleRequest report) {
    lease.requireCurrent(report.sequence(), clock.instant());
    LeaseResult result = desk.settle(verified(machine, lease, report));
    return answer(machine, report, result.counts(), grant(result), result.isWorthAnotherTry());
  }

  private Settle verified(MachineIdentity machine, Lease lease, SettleRequest report) {
    try {
      return reports.verify(machine, lease, report);
    } catch (InvalidException invalid) {
      Lease now = memory.read(lease.id());
      if (now.withdrawn().isEmpty()) {
        throw invalid;
      }
      return reports.verify(machine, now, report); // lines were withdrawn since it was granted
    }
  }

  private SettleAnswer repeat(MachineIdentity machine, Lease lease, SettleRequest report) {
    LeaseGrant grant = null;
    if (lease.isHeldAt(clock.instant()) && lease.sequence() == report.sequence() + 1) {
      List<LeasedLine> lines = reports.linesOf(lease);
      grant = grant(lease, tasks.facts(lease.segment().taskId()).scriptSha256(), lines);
    }
    return answer(machine, report, lease.lastCounts(), grant, false);
  }

  private LeaseGrant grant(Lease lease, String scriptSha256, List<LeasedLine> lines) {
    return new LeaseGrant(
        lease.id(),
        lease.sequence(),
        lease.segment().taskId(),
        scriptSha256,
        secondsLeft(lease.expiresAt(), clock.instant()),
        (int) settings.lineTimeLimit().toSeconds(),
        lines,
        tasks.facts(lease.segment().taskId()).options());
  }

  /** Null where no lines were handed out. */
  private LeaseGrant grant(LeaseResult result) {
    TakenLines taken = result.taken();
    return taken == null ? null : grant(result.lease(), taken.scriptSha256(), taken.leasedLines());
  }

  private SettleAnswer answer(
      MachineIdentity machine,
      SettleRequest report,
      SettleCounts counts,
      LeaseGrant grant,
      boolean more) {
    boolean inVain = grant == null && report.nextCapacity() > 0;
    return new SettleAnswer(
        counts.succeeded(),
        counts.retrying(),
        counts.failed(),
        counts.givenBack(),
        grant,
        inVain ? askAgain(machine, more) : null);
  }

  /**
   * Puts the expiry of a lease off, as long as the worker gets on. A worker that finishes no line
   * for longer than a line may take, and a minute, gets no more time than it had.
   *
   * @throws NotFoundException {@code lease.unknown}
   * @throws io.aihub.shared.ForbiddenException {@code lease.foreign}
   * @throws ConflictException {@code lease.superseded} or {@code lease.expired}
   */
  public RenewAnswer renew(MachineIdentity machine, UUID leaseId, RenewRequest request) {
    return transactions.call(
        () -> {
          Lease lease =
              leases
                  .lock(leaseId)
                  .orElseThrow(() -> new NotFoundException("lease.unknown", leaseId));
          Instant now = clock.instant();
          lease.requireHolder(machine.id());
          lease.requireCurrent(request.sequence(), now);
          boolean progressed = request.linesDone() > lease.progress();
          Instant progressAt = progressed ? now : lease.progressAt();
          Duration idle = Duration.between(progressAt, now);
          boolean stuck = idle.compareTo(settings.lineTimeLimit().plusMinutes(1)) > 0;
          Instant expires = stuck ? lease.expiresAt() : now.plus(settings.leaseTime());
          leases.renew(
              leaseId, Math.max(lease.progress(), request.linesDone()), progressAt, expires);
          boolean cancelled = tasks.isCancelled(lease.segment().taskId());
          return new RenewAnswer(secondsLeft(expires, now), cancelled, lease.withdrawn());
        });
  }

  /**
   * Seconds; sooner where lines come at the pace that people have set for their task.
   *
   * @param more whether there are lines, and it only takes longer than a call may to get at them
   */
  private int askAgain(MachineIdentity machine, boolean more) {
    return more || limits.isPaced(machine.tag()) ? 1 : (int) settings.pollInterval().toSeconds();
  }

  private static int secondsLeft(Instant expires, Instant now) {
    return (int) Duration.between(now, expires).toSeconds();
  }
}
