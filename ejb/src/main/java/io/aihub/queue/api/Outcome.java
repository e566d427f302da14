package io.aihub.queue.api;

/** What became of a leased line. */
public enum Outcome {
  SUCCEEDED,
  FAILED,
  /** Not tried, because the client shuts down; goes back without costing an attempt. */
  GIVEN_BACK
}
