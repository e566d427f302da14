package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.control.LineTaker.Source;
import io.aihub.queue.control.LineTaker.Taking;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SettleCounts;
import io.aihub.shared.ConflictException;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * What happens to leases within one transaction. Everything slow, storage above all, is done
 * before.
 */
@Dependent
public class LeaseLedger {

  private final Jdbi jdbi;
  private final Clock clock;
  private final QueueSettings settings;
  private final LeaseRepository leases;
  private final SegmentRepository segments;
  private final FailureLog failures;
  private final LineTaker taker;
  private final RetryPolicy retries;

  @Inject
  public LeaseLedger(
      Jdbi jdbi,
      Clock clock,
      QueueSettings settings,
      LeaseRepository leases,
      SegmentRepository segments,
      FailureLog failures,
      LineTaker taker,
      RetryPolicy retries) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.settings = settings;
    this.leases = leases;
    this.segments = segments;
    this.failures = failures;
    this.taker = taker;
    this.retries = retries;
  }

  /** A report that passed every check outside the transaction. */
  public record Verified(
      MachineIdentity machine,
      UUID leaseId,
      long sequence,
      UUID report,
      List<LineResult> results,
      String target,
      SegmentText text) {}

  /** How a report was counted, and the lines taken with it. */
  public record Settled(SettleCounts counts, Optional<TakenLines> next) {}

  /** Takes lines into a new lease. */
  public Optional<TakenLines> open(
      MachineIdentity machine,
      String worker,
      UUID leaseId,
      int capacity,
      List<Source> sources,
      boolean wait) {
    Instant now = clock.instant();
    Optional<TakenLines> taken = taker.take(sources, new Taking(leaseId, capacity, now), wait);
    taken.ifPresent(
        lines ->
            leases.insert(leaseId, machine, worker, lines, now, now.plus(settings.leaseTime())));
    return taken;
  }

  /**
   * Counts a report and takes the next lines from those sources that are free.
   *
   * @throws ConflictException where the lease is not the caller's any more; also where the very
   *     same report was counted by another call meanwhile
   */
  public Settled settle(Verified report, int capacity, List<Source> sources) {
    Instant now = clock.instant();
    Lease lease =
        leases
            .lock(report.leaseId())
            .orElseThrow(() -> new NotFoundException("lease.unknown", report.leaseId()));
    lease.requireHolder(report.machine().id());
    lease.requireCurrent(report.sequence(), now);
    Settlement settlement =
        new Settlement(
            lease,
            report.target(),
            retries,
            now,
            lease.kind() == LeaseKind.RETRY
                ? failures.past(lease.segment().taskId(), lease.lines())
                : Map.of());
    SettleCounts counts = settlement.add(report.results(), report.text());
    settlement.write(segments, failures);
    leases.settle(lease.id(), report.report(), counts, now);
    return new Settled(counts, next(lease.id(), capacity, sources, false, now));
  }

  /** Takes lines into a lease that was settled by this report and got none with it. */
  public Optional<TakenLines> resume(
      Verified report, int capacity, List<Source> sources, boolean wait) {
    Instant now = clock.instant();
    return leases
        .lock(report.leaseId())
        .filter(lease -> lease.state() == Lease.State.DONE && lease.hasCounted(report.report()))
        .flatMap(lease -> next(lease.id(), capacity, sources, wait, now));
  }

  private Optional<TakenLines> next(
      UUID leaseId, int capacity, List<Source> sources, boolean wait, Instant now) {
    if (capacity == 0) {
      return Optional.empty();
    }
    Optional<TakenLines> taken = taker.take(sources, new Taking(leaseId, capacity, now), wait);
    taken.ifPresent(lines -> leases.moveOn(leaseId, lines, now, now.plus(settings.leaseTime())));
    return taken;
  }

  /** What the transaction of a lease needs to know of its task. */
  public record TaskFacts(String target, String scriptSha256, boolean overwrite, String state) {}

  public TaskFacts task(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select target_path, script_sha256, overwrite, state from download_task
                    where id = :id
                    """)
                .bind("id", taskId)
                .map(
                    (row, context) ->
                        new TaskFacts(
                            row.getString("target_path"),
                            row.getString("script_sha256"),
                            row.getBoolean("overwrite"),
                            row.getString("state")))
                .one());
  }
}
