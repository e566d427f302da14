package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.entity.Lease;
import io.aihub.queue.entity.LeaseKind;
import io.aihub.queue.entity.SegmentId;
import io.aihub.queue.entity.SettleCounts;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of leases. */
@Dependent
public class LeaseRepository {

  private final Jdbi jdbi;

  @Inject
  public LeaseRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A lease as it stands. */
  public Optional<Lease> find(UUID id) {
    return one(id, "");
  }

  /** A lease, which nobody else changes before this transaction ends. */
  public Optional<Lease> lock(UUID id) {
    return one(id, " for update");
  }

  private Optional<Lease> one(UUID id, String lock) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from lease where id = :id" + lock)
                .bind("id", id)
                .map(LeaseRepository::map)
                .findOne());
  }

  /** Leases whose time has run out, locked; those that somebody works on are left alone. */
  public List<Lease> lockExpired(Instant now, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from lease where state = 'HELD' and expires_at <= :now
                    order by task_id, segment_no, id limit :limit for update skip locked
                    """)
                .bind("now", now)
                .bind("limit", limit)
                .map(LeaseRepository::map)
                .list());
  }

  private static Lease map(ResultSet row, StatementContext context) throws SQLException {
    return new Lease(
        row.getObject("id", UUID.class),
        row.getLong("sequence"),
        Lease.State.valueOf(row.getString("state")),
        row.getLong("machine_id"),
        row.getString("machine_name"),
        new SegmentId(row.getLong("task_id"), row.getInt("segment_no")),
        LeaseKind.valueOf(row.getString("kind")),
        List.of((Long[]) row.getArray("lines").getArray()),
        row.getInt("losses"),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        row.getInt("progress"),
        row.getObject("progress_at", OffsetDateTime.class).toInstant(),
        row.getObject("last_report", UUID.class),
        new SettleCounts(
            row.getInt("last_succeeded"),
            row.getInt("last_retrying"),
            row.getInt("last_failed"),
            row.getInt("last_given_back")));
  }

  /** A new lease, at sequence 1. */
  public void insert(
      UUID id,
      MachineIdentity machine,
      String worker,
      TakenLines taken,
      Instant now,
      Instant expires) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into lease (id, sequence, state, machine_id, machine_name, worker,
                      task_id, segment_no, kind, lines, losses, expires_at, progress_at)
                    values (:id, 1, 'HELD', :machineId, :machineName, :worker,
                      :taskId, :no, :kind, :lines, :losses, :expires, :now)
                    """)
                .bind("id", id)
                .bind("machineId", machine.id())
                .bind("machineName", machine.name())
                .bind("worker", worker)
                .bindMethods(taken.segment())
                .bind("kind", taken.kind().name())
                .bindArray("lines", Long.class, taken.lines())
                .bind("losses", taken.losses())
                .bind("now", now)
                .bind("expires", expires)
                .execute());
  }

  /** Ends the lease's present sequence; the row keeps the answer for a repeat of the report. */
  public void settle(UUID id, UUID report, SettleCounts counts, Instant now) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update lease set sequence = sequence + 1, state = 'DONE', lines = '{}',
                      expires_at = :now, last_report = :report, last_succeeded = :succeeded,
                      last_retrying = :retrying, last_failed = :failed,
                      last_given_back = :givenBack
                    where id = :id
                    """)
                .bind("id", id)
                .bind("report", report)
                .bindMethods(counts)
                .bind("now", now)
                .execute());
  }

  /** Gives a settled lease its next lines, at the sequence it has. */
  public void moveOn(UUID id, TakenLines taken, Instant now, Instant expires) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update lease set state = 'HELD', task_id = :taskId, segment_no = :no,
                      kind = :kind, lines = :lines, losses = :losses, expires_at = :expires,
                      progress = 0, progress_at = :now
                    where id = :id
                    """)
                .bind("id", id)
                .bindMethods(taken.segment())
                .bind("kind", taken.kind().name())
                .bindArray("lines", Long.class, taken.lines())
                .bind("losses", taken.losses())
                .bind("now", now)
                .bind("expires", expires)
                .execute());
  }

  public void renew(UUID id, int progress, Instant progressAt, Instant expires) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update lease set progress = :progress, progress_at = :progressAt,
                      expires_at = :expires
                    where id = :id
                    """)
                .bind("id", id)
                .bind("progress", progress)
                .bind("progressAt", progressAt)
                .bind("expires", expires)
                .execute());
  }

  /**
   * Marks a lease whose lines went back; the row stays, to tell a late report why it is refused.
   */
  public void expire(UUID id) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("update lease set state = 'EXPIRED', lines = '{}' where id = :id")
                .bind("id", id)
                .execute());
  }

  /** Puts the expiry of all leases off to {@code until}; later ones stay. */
  public int extend(Instant until) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update lease set expires_at = :until
                    where state = 'HELD' and expires_at < :until
                    """)
                .bind("until", until)
                .execute());
  }

  /** Forgets leases that ended before {@code before}. */
  public int forget(Instant before) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    delete from lease where id in (
                      select id from lease where state <> 'HELD' and expires_at < :before
                      limit 1000 for update skip locked)
                    """)
                .bind("before", before)
                .execute());
  }
}
