package io.aihub.queue.api;

import jakarta.validation.constraints.PositiveOrZero;

/**
 * A worker is still at it. A lease is renewed by progress, not by mere liveness: the server refuses
 * once no line has been finished for longer than a line may take.
 *
 * @param sequence the number the lease had when it was granted
 * @param linesDone how many of its lines are finished, uploads counted as a line each; never goes
 *     down
 */
public record RenewRequest(long sequence, @PositiveOrZero int linesDone) {}
