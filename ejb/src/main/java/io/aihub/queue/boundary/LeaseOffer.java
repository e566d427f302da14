package io.aihub.queue.boundary;

import io.aihub.queue.api.LeaseGrant;

/**
 * The answer to a worker that asks for lines.
 *
 * @param grant the lines, or null where the tag has none to hand out
 * @param retryAfterSeconds when to ask again where there are none
 */
public record LeaseOffer(LeaseGrant grant, int retryAfterSeconds) {}
