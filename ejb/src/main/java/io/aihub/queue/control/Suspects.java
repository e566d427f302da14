package io.aihub.queue.control;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Lines that workers were lost with so often that one more loss decides over them. All workers of a
 * client are lost together, so a machine works on one lease of suspects at a time: else a line that
 * does no harm could be found guilty because it was there whenever its neighbour struck. For one
 * transaction.
 */
final class Suspects {

  /** Losses from which on lines are suspected. */
  static final int LOSSES = Expiry.MAX_LOSSES - 1;

  private final LeaseRepository leases;
  private final Collection<UUID> settling;
  private final Set<Long> machines = new HashSet<>();

  /**
   * @param settling leases that hold something else after this transaction
   */
  Suspects(LeaseRepository leases, Collection<UUID> settling) {
    this.leases = leases;
    this.settling = settling;
  }

  boolean mayGoTo(long machineId) {
    return !machines.contains(machineId) && !leases.hasSuspects(machineId, LOSSES, settling);
  }

  void wentTo(long machineId) {
    machines.add(machineId);
  }
}
