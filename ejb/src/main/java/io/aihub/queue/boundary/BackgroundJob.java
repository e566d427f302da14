package io.aihub.queue.boundary;

import io.aihub.queue.control.WorkPool;
import io.aihub.shared.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that a timer starts and does not wait for. At most so many run at a time in this server; a
 * timer that finds them all busy does nothing, so nothing piles up. After a failure it rests,
 * longer each time up to a minute.
 */
final class BackgroundJob {

  private static final Logger LOG = System.getLogger(BackgroundJob.class.getName());
  private static final Duration FIRST_REST = Duration.ofSeconds(2);
  private static final int MAX_DOUBLINGS = 5;

  private final String name;
  private final int limit;
  private final Clock clock;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger(); // in a row
  private volatile Instant restUntil = Instant.MIN;

  BackgroundJob(String name, int limit, Clock clock) {
    this.name = name;
    this.limit = limit;
    this.clock = clock;
  }

  void start(WorkPool pool, Runnable work) {
    if (clock.instant().isBefore(restUntil) || !enter()) {
      return;
    }
    boolean started = false;
    try {
      pool.start(() -> run(work));
      started = true;
    } finally {
      if (!started) {
        running.decrementAndGet();
      }
    }
  }

  private boolean enter() {
    if (running.incrementAndGet() <= limit) {
      return true;
    }
    running.decrementAndGet();
    return false;
  }

  private void run(Runnable work) {
    try {
      work.run();
      failures.set(0);
    } catch (UnavailableException outage) {
      LOG.log(Level.INFO, "{0} waits: {1}", name, outage.getMessage());
      rest();
    } catch (RuntimeException failure) {
      LOG.log(Level.WARNING, name + " failed and will be tried again", failure);
      rest();
    } finally {
      running.decrementAndGet();
    }
  }

  private void rest() {
    int doublings = Math.min(failures.getAndIncrement(), MAX_DOUBLINGS);
    restUntil = clock.instant().plus(FIRST_REST.multipliedBy(1L << doublings));
  }
}
