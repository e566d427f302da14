package io.aihub.testbed;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, always with a deadline. */
public final class Waiting {

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

  private Waiting() {}

  /**
   * Looks every tenth of a second.
   *
   * @param what the condition as a sentence, for the message when the limit passes
   */
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    until(what, limit, PAUSE, condition);
  }

  /**
   * The same at a pace of its own.
   *
   * @param pause nanoseconds between two looks
   */
  public static void until(String what, Duration limit, long pause, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Not within " + limit.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(pause);
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("Interrupted while waiting: " + what);
      }
    }
  }

  static int forEnd(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }
}
