package io.aihub.fleet.api;

import java.time.Instant;

/**
 * A download server and what it last said of itself.
 *
 * @param active whether its token is accepted
 * @param seenAt when it last reported, or null: never
 * @param address the network address it reported from, or null
 * @param status its last report, or null
 */
public record MachineView(
    String name,
    String tag,
    boolean active,
    Instant createdAt,
    Instant seenAt,
    String address,
    MachineStatus status) {}
