package io.aihub.queue.api;

/**
 * What a task may take while it runs. Acts on the next lease.
 *
 * @param maxLeases leases held at the same time, 1 to 100000; null for any number
 * @param linesPerSecond lines handed out per second, 1 to 1000000; null for as many as there are
 *     workers for
 */
public record TaskLimits(Integer maxLeases, Integer linesPerSecond) {

  public static final TaskLimits NONE = new TaskLimits(null, null);
}
