package io.aihub.client.server;

import io.aihub.queue.api.LeaseGrant;
import java.time.Duration;

/**
 * What the server answers to a worker that asks for lines.
 *
 * @param grant the lines, or null where there are none
 * @param retryAfter when to ask again where there are none
 */
public record LeaseOffer(LeaseGrant grant, Duration retryAfter) {}
