package io.aihub.tryout.api;

/** The life of a try-out. */
public enum TryOutState {
  /** It waits for a machine of its tag. */
  SUBMITTED,
  /** A machine is at it. */
  RUNNING,
  DONE,
  /** No machine took it in time, or the one that did has gone. */
  EXPIRED
}
