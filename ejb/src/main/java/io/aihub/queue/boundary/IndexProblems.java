package io.aihub.queue.boundary;

import io.aihub.shared.Reason;
import io.aihub.storage.control.ObjectAccessException;

/** Says in words why an index cannot be read. */
final class IndexProblems {

  private IndexProblems() {}

  static Reason reason(ObjectAccessException problem) {
    return Reason.of(
        switch (problem.problem()) {
          case MISSING -> "index.missing";
          case CHANGED -> "index.changed";
          case REFUSED -> "index.refused";
        });
  }
}
