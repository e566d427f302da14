package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lines that workers were lost with so often that one more loss decides over them. All workers of a
 * client are lost together, so a machine works on suspects alone, on one lease of them at a time:
 * else a line that does no harm could be found guilty because it was there whenever another one
 * struck. For one transaction.
 */
final class Suspects {

  /** Losses from which on lines are suspected. */
  static final int LOSSES = Expiry.MAX_LOSSES - 1;

  private final LeaseRepository leases;
  private final Quarantine quarantine;
  private final Collection<UUID> settling;
  private final Instant now;
  private final Set<Long> served = new HashSet<>();

  /**
   * @param settling leases that hold something else after this transaction
   */
  Suspects(LeaseRepository leases, Quarantine quarantine, Collection<UUID> settling, Instant now) {
    this.leases = leases;
    this.quarantine = quarantine;
    this.settling = settling;
    this.now = now;
  }

  /** Whether a machine may get lines, or has to wait until it has no others. */
  boolean mayWork(MachineIdentity machine) {
    if (!quarantine.isFor(machine, now)) {
      return true;
    }
    if (isAlone(machine)) {
      quarantine.leave(machine);
      return true;
    }
    quarantine.stay(machine, now);
    return false;
  }

  /**
   * Takes suspects for a machine, unless it has other lines; then it may have to wait for them.
   *
   * @param take takes them, if there are any
   * @param anyThere whether there are suspects to be had
   */
  <T> Optional<T> takeFor(
      MachineIdentity machine, Supplier<Optional<T>> take, BooleanSupplier anyThere) {
    if (isAlone(machine)) {
      Optional<T> taken = take.get();
      taken.ifPresent(suspects -> quarantine.work(machine, now));
      return taken;
    }
    if (anyThere.getAsBoolean()) {
      quarantine.await(machine, now);
    }
    return Optional.empty();
  }

  private boolean isAlone(MachineIdentity machine) {
    return !served.contains(machine.id()) && !leases.hasLines(machine.id(), settling);
  }

  /** A machine has got lines. */
  void wentTo(MachineIdentity machine) {
    served.add(machine.id());
  }
}
