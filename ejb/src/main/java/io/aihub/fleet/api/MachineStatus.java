package io.aihub.fleet.api;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * What a client says of itself every half minute.
 *
 * @param condition what it does
 * @param reason why it holds, in a sentence; null unless holding
 * @param workers number of workers
 * @param busyWorkers how many of them hold a lease
 * @param freeDiskBytes room left where it keeps files in work
 * @param residentBytes memory of the process, or 0 where it cannot tell
 * @param clientVersion version of the client
 * @param tryOut the try-out it is at, or null
 * @param resolution SHA-256 of the requirements that it is resolving, or null
 */
public record MachineStatus(
    @NotNull Condition condition,
    @Size(max = 1000) String reason,
    @PositiveOrZero int workers,
    @PositiveOrZero int busyWorkers,
    @PositiveOrZero long freeDiskBytes,
    @PositiveOrZero long residentBytes,
    @Size(max = 64) String clientVersion,
    Long tryOut,
    @Size(max = 64) String resolution) {

  public enum Condition {
    WORKING,
    IDLE,
    /** It keeps what it has and takes no more: a full disk, a lost relay or the like. */
    HOLDING,
    DRAINING;

    /** Whether the machine may be given work beside the lines that it leases. */
    public boolean takesErrands() {
      return this == WORKING || this == IDLE;
    }
  }
}
