package io.aihub.queue.control;

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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from lease where id = :id")
                .bind("id", id)
                .map(LeaseRepository::map)
                .findOne());
  }

  /** A lease, which nobody else changes before this transaction ends. */
  public Optional<Lease> lock(UUID id) {
    return Optional.ofNullable(lock(List.of(id)).get(id));
  }

  /** Leases by id, locked in the order of their ids; unknown ones are left out. */
  Map<UUID, Lease> lock(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from lease where id = any(:ids) order by id for update")
                .bindArray("ids", UUID.class, ids)
                .map(LeaseRepository::map)
                .collect(Collectors.toMap(Lease::id, Function.identity())));
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

  /**
   * The lease of a tag whose lines would take longest at the pace they go, locked: one that has
   * been held since {@code grantedBefore} at least, and has two lines or more that are not begun.
   * Leases of limited tasks are left alone, and so are those that somebody works on.
   *
   * @param settling leases that this transaction settles: their rows still show what they held
   */
  Optional<Lease> lockSlowest(
      String tag, Instant grantedBefore, Collection<UUID> settling, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select l.* from lease l join download_task t on t.id = l.task_id
                    where l.state = 'HELD' and l.kind = 'RANGE' and l.granted_at <= :grantedBefore
                      and l.expires_at > :now and cardinality(l.lines) - l.progress > 2
                      and t.machine_tag = :tag and t.state = 'IN_PROGRESS' and l.id <> all(:settling)
                      and not exists (select 1 from task_limit x where x.task_id = t.id)
                    order by (cardinality(l.lines) - l.progress)
                      * extract(epoch from :now::timestamptz - l.granted_at)
                      / greatest(l.progress, 1) desc
                    limit 1 for update of l skip locked
                    """)
                .bind("tag", tag)
                .bind("grantedBefore", grantedBefore)
                .bindArray("settling", UUID.class, settling)
                .bind("now", now)
                .map(LeaseRepository::map)
                .findOne());
  }

  /** Takes lines from a lease that this transaction has locked. */
  void withdraw(UUID id, List<Long> lines) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update lease set withdrawn = withdrawn || :lines, lines = array(
                      select line from unnest(lines) as line where line <> all(:lines) order by line)
                    where id = :id
                    """)
                .bind("id", id)
                .bindArray("lines", Long.class, lines)
                .execute());
  }

  private static Lease map(ResultSet row, StatementContext context) throws SQLException {
    return new Lease(
        row.getObject("id", UUID.class),
        row.getLong("sequence"),
        Lease.State.valueOf(row.getString("state")),
        row.getLong("machine_id"),
        row.getString("machine_name"),
        row.getString("worker"),
        new SegmentId(row.getLong("task_id"), row.getInt("segment_no")),
        LeaseKind.valueOf(row.getString("kind")),
        List.of((Long[]) row.getArray("lines").getArray()),
        List.of((Long[]) row.getArray("withdrawn").getArray()),
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

  /** New leases. */
  void insert(Collection<Lease> leases) {
    write(
        leases,
        """
        insert into lease (id, sequence, state, machine_id, machine_name, worker, task_id,
          segment_no, kind, lines, losses, expires_at, granted_at, progress_at)
        select id, sequence, state, machine_id, machine_name, worker, task_id, segment_no, kind,
          lines::bigint[], losses, expires_at, progress_at, progress_at
        """,
        "");
  }

  /** What has become of leases whose rows this transaction has locked. */
  void update(Collection<Lease> leases) {
    write(
        leases,
        """
        update lease l set sequence = n.sequence, state = n.state, task_id = n.task_id,
          segment_no = n.segment_no, kind = n.kind, lines = n.lines::bigint[], withdrawn = '{}',
          losses = n.losses, expires_at = n.expires_at, progress = 0, granted_at = n.progress_at,
          progress_at = n.progress_at,
          last_report = n.last_report, last_succeeded = n.succeeded, last_retrying = n.retrying,
          last_failed = n.failed, last_given_back = n.given_back
        """,
        "where l.id = n.id");
  }

  /** One statement for all; arrays of arrays can't be unnested, so lines go as text. */
  private void write(Collection<Lease> leases, String statement, String condition) {
    if (leases.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    statement
                        + """
                          from unnest(:ids, :sequences, :states, :machineIds, :machineNames,
                            :workers, :taskIds, :nos, :kinds, :lines, :losses, :expires,
                            :progressAts, :reports, :succeeded, :retrying, :failed, :givenBack)
                            as n (id, sequence, state, machine_id, machine_name, worker, task_id,
                              segment_no, kind, lines, losses, expires_at, progress_at,
                              last_report, succeeded, retrying, failed, given_back)
                          """
                        + condition)
                .bindArray("ids", UUID.class, column(leases, Lease::id))
                .bindArray("sequences", Long.class, column(leases, Lease::sequence))
                .bindArray("states", String.class, column(leases, lease -> lease.state().name()))
                .bindArray("machineIds", Long.class, column(leases, Lease::machineId))
                .bindArray("machineNames", String.class, column(leases, Lease::machineName))
                .bindArray("workers", String.class, column(leases, Lease::worker))
                .bindArray("taskIds", Long.class, column(leases, lease -> lease.segment().taskId()))
                .bindArray("nos", Integer.class, column(leases, lease -> lease.segment().no()))
                .bindArray("kinds", String.class, column(leases, lease -> lease.kind().name()))
                .bindArray("lines", String.class, column(leases, LeaseRepository::array))
                .bindArray("losses", Integer.class, column(leases, Lease::losses))
                .bindArray(
                    "expires",
                    OffsetDateTime.class,
                    column(leases, lease -> utc(lease.expiresAt())))
                .bindArray(
                    "progressAts",
                    OffsetDateTime.class,
                    column(leases, lease -> utc(lease.progressAt())))
                .bindArray("reports", UUID.class, column(leases, Lease::lastReport))
                .bindArray(
                    "succeeded",
                    Integer.class,
                    column(leases, lease -> lease.lastCounts().succeeded()))
                .bindArray(
                    "retrying",
                    Integer.class,
                    column(leases, lease -> lease.lastCounts().retrying()))
                .bindArray(
                    "failed", Integer.class, column(leases, lease -> lease.lastCounts().failed()))
                .bindArray(
                    "givenBack",
                    Integer.class,
                    column(leases, lease -> lease.lastCounts().givenBack()))
                .execute());
  }

  private static <T> List<T> column(Collection<Lease> leases, Function<Lease, T> value) {
    List<T> column = new ArrayList<>(leases.size()); // may hold nulls
    leases.forEach(lease -> column.add(value.apply(lease)));
    return column;
  }

  private static String array(Lease lease) {
    return lease.lines().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
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
