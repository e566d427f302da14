package io.aihub.client.batch;

import jakarta.batch.runtime.BatchRuntime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The jobs {@code download} that run, at most one for each worker. Thread-safe. */
final class RunningJobs {

  private final JobHistory history;
  private final Set<String> workers = new HashSet<>();

  RunningJobs(JobHistory history) {
    this.history = history;
  }

  /** Starts a worker's job. */
  void start(String worker) {
    synchronized (this) {
      workers.add(worker);
    }
    Properties parameters = new Properties();
    parameters.setProperty("worker", worker);
    try {
      long execution = BatchRuntime.getJobOperator().start("download", parameters);
      history.started(worker, execution);
    } catch (RuntimeException failed) {
      ended(worker);
      throw failed;
    }
  }

  /** A worker's job has come to its end, well or not. */
  synchronized void ended(String worker) {
    workers.remove(worker);
    notifyAll();
  }

  /** Does something where a worker has no job, and lets none start meanwhile. */
  synchronized void unlessRunning(String worker, Runnable action) {
    if (!workers.contains(worker)) {
      action.run();
    }
  }

  synchronized int count() {
    return workers.size();
  }

  /** Waits until there is none; false where that takes longer. */
  synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!workers.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
