package io.aihub.requirement.api;

/** How far the packages are that a script requires. */
public enum RequirementsState {
  /** For a machine that finds out what they come to. */
  WAITING,
  /** A machine is at it. */
  RESOLVING,
  /** Pinned: clients can install them. */
  READY,
  /** They can't be installed. */
  REFUSED;

  /** Whether a machine has yet to say what they come to. */
  public boolean isPending() {
    return this == WAITING || this == RESOLVING;
  }
}
