package io.aihub.queue.control;

import io.aihub.fleet.api.MachineIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The machines that get no lines as long as they have any: those that work on suspects, and of each
 * tag one that will as soon as it is alone with them, while the others go on. Each server knows
 * those that it has sent here itself.
 */
@ApplicationScoped
public class Quarantine {

  /** A machine that isn't heard of for so long may have gone for good. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Map<Long, Instant> working = new ConcurrentHashMap<>(); // by machine, until when
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>(); // by tag

  private record Waiting(long machineId, Instant until) {

    boolean isFor(MachineIdentity machine, Instant now) {
      return machineId == machine.id() && now.isBefore(until);
    }
  }

  boolean isFor(MachineIdentity machine, Instant now) {
    Instant until = working.get(machine.id());
    Waiting next = waiting.get(machine.tag());
    return (until != null && now.isBefore(until)) || (next != null && next.isFor(machine, now));
  }

  /** A machine has got suspects. */
  void work(MachineIdentity machine, Instant now) {
    working.put(machine.id(), now.plus(PATIENCE));
  }

  /** A machine could get suspects if it had no lines; it waits unless another one does. */
  void await(MachineIdentity machine, Instant now) {
    waiting.compute(
        machine.tag(),
        (same, next) ->
            next == null || next.isFor(machine, now) || !now.isBefore(next.until())
                ? new Waiting(machine.id(), now.plus(PATIENCE))
                : next);
  }

  /** A machine that is here asks for lines and still has some. */
  void stay(MachineIdentity machine, Instant now) {
    working.computeIfPresent(machine.id(), (same, until) -> now.plus(PATIENCE));
    waiting.computeIfPresent(
        machine.tag(),
        (same, next) ->
            next.isFor(machine, now) ? new Waiting(machine.id(), now.plus(PATIENCE)) : next);
  }

  /** A machine has no lines any more. */
  void leave(MachineIdentity machine) {
    working.remove(machine.id());
    waiting.computeIfPresent(
        machine.tag(), (same, next) -> next.machineId() == machine.id() ? null : next);
  }
}
