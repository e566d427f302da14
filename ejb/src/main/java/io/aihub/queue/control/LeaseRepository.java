package io.aihub.queue.control;

import static io.aihub.queue.control.RoundTrip.uuids;

import io.aihub.queue.control.RoundTrip.Question;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of leases. */
@Dependent
public class LeaseRepository {

  /** In the order in which {@link #read} takes them. */
  private static final String COLUMNS =
      """
      l.id, l.sequence, l.state, l.machine_id, l.machine_name, l.worker, l.task_id, l.segment_no,
      l.kind, l.lines, l.withdrawn, l.losses, l.expires_at, l.progress, l.progress_at,
      l.last_report, l.last_succeeded, l.last_retrying, l.last_failed, l.last_given_back
      """;

  private static final String LOCK =
      "select " + COLUMNS + "from lease l where l.id = any(?) order by l.id for update";

  private final Jdbi jdbi;

  @Inject
  public LeaseRepository(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A lease as it stands. */
  public Optional<Lease> find(UUID id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select " + COLUMNS + "from lease l where l.id = :id")
                .bind("id", id)
                .map(LeaseRepository::map)
                .findOne());
  }

  /** A lease, which nobody else changes before this transaction ends. */
  public Optional<Lease> lock(UUID id) {
    RoundTrip trip = new RoundTrip(jdbi);
    Question<Lease> lease = lock(trip, List.of(id));
    trip.make();
    return lease.rows().stream().findFirst();
  }

  /** Leases by id, locked in the order of their ids; unknown ones are left out. */
  Question<Lease> lock(RoundTrip trip, Collection<UUID> ids) {
    return trip.ask(LOCK, LeaseRepository::read, uuids(ids, id -> id));
  }

  /** Leases whose time has run out, not locked: by id, the segment each has lines of. */
  Map<UUID, SegmentId> findExpired(Instant now, int limit) {
    Map<UUID, SegmentId> expired = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select id, task_id, segment_no from lease
                    where state = 'HELD' and expires_at <= :now
                    order by task_id, segment_no, id limit :limit
                    """)
                .bind("now", now)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getObject("id", UUID.class),
                            new SegmentId(row.getLong("task_id"), row.getInt("segment_no"))))
                .forEach(lease -> expired.put(lease.getKey(), lease.getValue())));
    return expired;
  }

  /** Those of the leases whose time has run out, locked; left out are those somebody works on. */
  List<Lease> lockExpired(Collection<UUID> ids, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select "
                        + COLUMNS
                        + """
                          from lease l
                          where l.id = any(:ids) and l.state = 'HELD' and l.expires_at <= :now
                          order by l.task_id, l.segment_no, l.id
                          for update skip locked
                          """)
                .bindArray("ids", UUID.class, ids)
                .bind("now", now)
                .map(LeaseRepository::map)
                .list());
  }

  /**
   * The lease of a tag whose lines would take longest at the pace they go, locked: one that has
   * been held since {@code grantedBefore} at least, and has two lines or more that are not begun.
   * Leases of limited tasks are left alone, and so are suspects and those that somebody works on.
   *
   * @param settling leases that this transaction settles: their rows still show what they held
   */
  Optional<Lease> lockSlowest(
      String tag, Instant grantedBefore, Collection<UUID> settling, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select "
                        + COLUMNS
                        + """
                    from lease l join download_task t on t.id = l.task_id
                    where l.state = 'HELD' and l.kind = 'RANGE' and l.granted_at <= :grantedBefore
                      and l.expires_at > :now and line_count(l.lines) - l.progress > 2
                      and l.losses < :suspected
                      and t.machine_tag = :tag and t.state = 'IN_PROGRESS' and l.id <> all(:settling)
                      and not exists (select 1 from task_limit x where x.task_id = t.id)
                    order by (line_count(l.lines) - l.progress)
                      * extract(epoch from :now::timestamptz - l.granted_at)
                      / greatest(l.progress, 1) desc
                    limit 1 for update of l skip locked
                    """)
                .bind("tag", tag)
                .bind("grantedBefore", grantedBefore)
                .bind("suspected", Suspects.LOSSES)
                .bindArray("settling", UUID.class, settling)
                .bind("now", now)
                .map(LeaseRepository::map)
                .findOne());
  }

  /**
   * Whether a machine holds lines.
   *
   * @param settling leases that don't count any more
   */
  boolean hasLines(long machineId, Collection<UUID> settling) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (
                      select 1 from lease l
                      where l.machine_id = :machine and l.state = 'HELD' and l.id <> all(:settling))
                    """)
                .bind("machine", machineId)
                .bindArray("settling", UUID.class, settling)
                .mapTo(Boolean.class)
                .one());
  }

  /** Takes lines from a lease that this transaction has locked. */
  void withdraw(UUID id, List<Long> lines) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update lease set withdrawn = withdrawn + :lines::int8multirange,
                      lines = lines - :lines::int8multirange
                    where id = :id
                    """)
                .bind("id", id)
                .bind("lines", LineRanges.text(lines))
                .execute());
  }

  private static Lease map(ResultSet row, StatementContext context) throws SQLException {
    return read(row);
  }

  private static Lease read(ResultSet row) throws SQLException {
    return new Lease(
        row.getObject(1, UUID.class),
        row.getLong(2),
        Lease.State.valueOf(row.getString(3)),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        new SegmentId(row.getLong(7), row.getInt(8)),
        LeaseKind.valueOf(row.getString(9)),
        LineRanges.lines(row.getString(10)),
        LineRanges.lines(row.getString(11)),
        row.getInt(12),
        row.getObject(13, OffsetDateTime.class).toInstant(),
        row.getInt(14),
        row.getObject(15, OffsetDateTime.class).toInstant(),
        row.getObject(16, UUID.class),
        new SettleCounts(row.getInt(17), row.getInt(18), row.getInt(19), row.getInt(20)));
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
                .createUpdate(
                    "update lease set state = 'EXPIRED', lines = '{}', withdrawn = '{}' where id = :id")
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
