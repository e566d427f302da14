package io.aihub.queue.boundary;

import io.aihub.queue.control.WorkPool;
import io.aihub.shared.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that a timer starts and does not wait for. At most so many run at a time in this server; a
 * timer that finds them all busy does nothing, so nothing piles up.
 */
final class BackgroundJob {

  private static final Logger LOG = System.getLogger(BackgroundJob.class.getName());

  private final String name;
  private final int limit;
  private final AtomicInteger running = new AtomicInteger();

  BackgroundJob(String name, int limit) {
    this.name = name;
    this.limit = limit;
  }

  boolean isFree() {
    return running.get() < limit;
  }

  void start(WorkPool pool, Runnable work) {
    if (running.incrementAndGet() > limit) {
      running.decrementAndGet();
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

  private void run(Runnable work) {
    try {
      work.run();
    } catch (UnavailableException outage) {
      LOG.log(Level.INFO, "{0} waits: {1}", name, outage.getMessage());
    } catch (RuntimeException failure) {
      LOG.log(Level.WARNING, name + " failed and will be tried again", failure);
    } finally {
      running.decrementAndGet();
    }
  }
}
