package io.aihub.queue.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.aihub.queue.entity.Lease;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;

/**
 * Leases as this server granted them, so that a report need not read the database before its
 * transaction does. May be behind what another server or a timer has made of a lease meanwhile: the
 * transaction decides.
 */
@ApplicationScoped
public class LeaseMemory {

  private static final int REMEMBERED = 20_000;

  private LeaseRepository leases;
  private final Cache<UUID, Lease> granted = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  protected LeaseMemory() {} // for the CDI proxy

  @Inject
  public LeaseMemory(LeaseRepository leases) {
    this.leases = leases;
  }

  public void granted(Lease lease) {
    granted.put(lease.id(), lease);
  }

  /** The lease holds nothing any more. */
  public void ended(UUID id) {
    granted.invalidate(id);
  }

  /**
   * The lease at that sequence, as far as this server knows; else as it stands in the database.
   *
   * @throws NotFoundException {@code lease.unknown}
   */
  public Lease at(UUID id, long sequence, Instant now) {
    Lease known = granted.getIfPresent(id);
    return known != null && known.sequence() == sequence && known.isHeldAt(now) ? known : read(id);
  }

  /**
   * The lease at that sequence, as this server knows it while nobody can have divided it; else as
   * it stands in the database.
   *
   * @throws NotFoundException {@code lease.unknown}
   */
  public Lease undivided(UUID id, long sequence, Instant now) {
    Lease known = at(id, sequence, now);
    boolean divisible = !known.progressAt().plus(SlowLeases.UNDIVIDED).isAfter(now);
    return divisible ? read(id) : known;
  }

  /**
   * The lease as it stands in the database.
   *
   * @throws NotFoundException {@code lease.unknown}
   */
  public Lease read(UUID id) {
    return leases.find(id).orElseThrow(() -> new NotFoundException("lease.unknown", id));
  }
}
