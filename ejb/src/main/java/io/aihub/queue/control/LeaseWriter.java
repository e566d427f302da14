package io.aihub.queue.control;

import static io.aihub.queue.control.RoundTrip.bigints;
import static io.aihub.queue.control.RoundTrip.integers;
import static io.aihub.queue.control.RoundTrip.texts;
import static io.aihub.queue.control.RoundTrip.uuids;

import io.aihub.queue.control.RoundTrip.Question;
import io.aihub.queue.entity.Lease;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes what a {@link LeaseBatch} makes of leases: all new ones at once, and all others. */
final class LeaseWriter {

  private LeaseWriter() {}

  /** New leases. */
  static void insert(RoundTrip trip, List<Lease> leases) {
    if (leases.isEmpty()) {
      return;
    }
    trip.tell(
        """
        insert into lease (id, sequence, state, machine_id, machine_name, worker, task_id,
          segment_no, kind, lines, losses, expires_at, granted_at, progress_at)
        select id, sequence, state, machine_id, machine_name, worker, task_id, segment_no, kind,
          lines::int8multirange, losses,
          timestamptz 'epoch' + expires * interval '1 microsecond',
          timestamptz 'epoch' + progress * interval '1 microsecond',
          timestamptz 'epoch' + progress * interval '1 microsecond'
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as n (id, sequence, state, machine_id,
          machine_name, worker, task_id, segment_no, kind, lines, losses, expires, progress)
        """,
        uuids(leases, Lease::id),
        bigints(leases, Lease::sequence),
        texts(leases, lease -> lease.state().name()),
        bigints(leases, Lease::machineId),
        texts(leases, Lease::machineName),
        texts(leases, Lease::worker),
        bigints(leases, lease -> lease.segment().taskId()),
        integers(leases, lease -> lease.segment().no()),
        texts(leases, lease -> lease.kind().name()),
        texts(leases, lease -> LineRanges.text(lease.lines())),
        integers(leases, Lease::losses),
        bigints(leases, lease -> micros(lease.expiresAt())),
        bigints(leases, lease -> micros(lease.progressAt())));
  }

  /**
   * What has become of leases.
   *
   * @param unlocked those of them whose rows this transaction hasn't locked: they are changed only
   *     where they are still held at the sequence before, and whole
   * @return the ids of those that were changed
   */
  static Question<UUID> update(RoundTrip trip, List<Lease> leases, Set<UUID> unlocked) {
    if (leases.isEmpty()) {
      return Question.unasked();
    }
    return trip.ask(
        """
        update lease l set sequence = n.sequence, state = n.state, task_id = n.task_id,
          segment_no = n.segment_no, kind = n.kind, withdrawn = '{}',
          lines = n.lines::int8multirange,
          losses = n.losses, expires_at = timestamptz 'epoch' + n.expires * interval '1 microsecond',
          progress = 0, granted_at = timestamptz 'epoch' + n.progress * interval '1 microsecond',
          progress_at = timestamptz 'epoch' + n.progress * interval '1 microsecond',
          last_report = n.last_report, last_succeeded = n.succeeded, last_retrying = n.retrying,
          last_failed = n.failed, last_given_back = n.given_back
        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as n (id, sequence, state,
          task_id, segment_no, kind, lines, losses, expires, progress, last_report,
          succeeded, retrying, failed, given_back, sequence_before)
        where l.id = n.id and (n.sequence_before = 0 or (l.sequence = n.sequence_before
          and l.state = 'HELD' and l.withdrawn = '{}'))
        returning l.id
        """,
        row -> row.getObject(1, UUID.class),
        uuids(leases, Lease::id),
        bigints(leases, Lease::sequence),
        texts(leases, lease -> lease.state().name()),
        bigints(leases, lease -> lease.segment().taskId()),
        integers(leases, lease -> lease.segment().no()),
        texts(leases, lease -> lease.kind().name()),
        texts(leases, lease -> LineRanges.text(lease.lines())),
        integers(leases, Lease::losses),
        bigints(leases, lease -> micros(lease.expiresAt())),
        bigints(leases, lease -> micros(lease.progressAt())),
        uuids(leases, Lease::lastReport),
        integers(leases, lease -> lease.lastCounts().succeeded()),
        integers(leases, lease -> lease.lastCounts().retrying()),
        integers(leases, lease -> lease.lastCounts().failed()),
        integers(leases, lease -> lease.lastCounts().givenBack()),
        bigints(leases, lease -> unlocked.contains(lease.id()) ? lease.sequence() - 1 : 0));
  }

  /** PostgreSQL's own measure of time. */
  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
