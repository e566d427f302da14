package io.aihub.queue.boundary;

import io.aihub.queue.api.FailureClass;
import java.util.List;

/**
 * A step of a random history. Servers and machines are 0 and 1; a lease is named by its place among
 * those that were granted so far, ended ones included, modulo their number.
 */
sealed interface QueueStep {

  /** What a worker makes of a line. */
  enum Attempt {
    SUCCEEDS,
    TIMES_OUT,
    IS_REFUSED, // by the origin, for good
    GOES_BACK
  }

  /** What becomes of a line in a report. */
  static Attempt at(long line, List<Attempt> attempts) {
    return attempts.get((int) (line % attempts.size()));
  }

  /** What is wrong with a report. */
  enum Mistake {
    LACKS_A_LINE,
    NAMES_A_LINE_TWICE,
    NAMES_ANOTHER_LINE
  }

  void run(QueueHistory history);

  record Lease(int server, int machine, int capacity) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.lease(server, machine, capacity);
    }
  }

  record LeaseAtOnce(int capacity) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.leaseAtOnce(capacity);
    }
  }

  record Settle(int server, int lease, List<Attempt> attempts, int next) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.settle(server, lease, attempts, next);
    }
  }

  record SettleTwiceAtOnce(int lease, List<Attempt> attempts, int next) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.settleTwiceAtOnce(lease, attempts, next);
    }
  }

  record RepeatReport(int server, int lease) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.repeat(server, lease);
    }
  }

  record SettleForeign(int server, int lease) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.settleForeign(server, lease);
    }
  }

  record SettleWrongly(int server, int lease, Mistake mistake) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.settleWrongly(server, lease, mistake);
    }
  }

  record Renew(int server, int lease, int linesDone) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.renew(server, lease, linesDone);
    }
  }

  record Pass(int seconds) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.pass(seconds);
    }
  }

  record Expire(int server) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.expire(server);
    }
  }

  record CloseSegments(int server) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.close(server);
    }
  }

  record AskForRetry(int server, List<FailureClass> classes, List<Long> lines)
      implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.askForRetry(server, classes, lines);
    }
  }

  record CarryOutRetries(int server) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.carryOutRetries(server);
    }
  }

  record Pause() implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.change("IN_PROGRESS", "PAUSED");
    }
  }

  record Resume() implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.change("PAUSED", "IN_PROGRESS");
    }
  }

  record Cancel() implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.change("IN_PROGRESS", "CANCELLED");
    }
  }

  record Prioritise(int priority) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.prioritise(priority);
    }
  }

  record Restart(int server) implements QueueStep {
    @Override
    public void run(QueueHistory history) {
      history.restart(server);
    }
  }
}
