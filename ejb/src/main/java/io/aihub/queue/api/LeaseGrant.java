package io.aihub.queue.api;

import io.aihub.script.api.ScriptOptions;
import java.util.List;
import java.util.UUID;

/**
 * Lines that one worker holds until the lease expires.
 *
 * @param leaseId identity of the lease; it stays the same over settle-and-lease-next
 * @param sequence goes up with each settle; a call that carries another number than the current one
 *     is refused
 * @param taskId the task the lines belong to
 * @param scriptSha256 version of the script to run
 * @param secondsToLive time until the lease expires unless renewed
 * @param lineTimeLimitSeconds how long one call of {@code download} may take
 * @param lines never empty
 * @param options how the task wants its script run; null for the usual way
 */
public record LeaseGrant(
    UUID leaseId,
    long sequence,
    long taskId,
    String scriptSha256,
    int secondsToLive,
    int lineTimeLimitSeconds,
    List<LeasedLine> lines,
    ScriptOptions options) {}
