package io.aihub.fleet.api;

/** The machine that a token belongs to: who calls, and whose lines it may have. */
public record MachineIdentity(long id, String name, String tag) {}
