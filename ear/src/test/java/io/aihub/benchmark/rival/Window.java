package io.aihub.benchmark.rival;

import io.aihub.testbed.Waiting;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Counts what is done in a time that begins with the first job. */
final class Window {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private Window() {}

  static Rival.Work count(AtomicLong done, long seconds) {
    long before = done.get();
    Waiting.until("the first job is done", START_LIMIT, () -> done.get() > before);
    long first = done.get();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return new Rival.Work(done.get() - first, (System.nanoTime() - end) / 1e9 + (double) seconds);
  }
}
