package io.aihub.queue.entity;

/** What the lines of a lease are. */
public enum LeaseKind {
  /** Lines that have no result yet, from one range of their segment. */
  RANGE,
  /** Lines whose earlier attempt failed; each has a row in the failure log. */
  RETRY
}
