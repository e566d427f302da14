package io.aihub.web.fleet;

/**
 * How many machines of a tag may hold leases at a time.
 *
 * @param maxMachines null for all
 */
public record MachineLimit(Integer maxMachines) {}
