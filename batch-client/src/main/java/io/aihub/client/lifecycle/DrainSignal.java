package io.aihub.client.lifecycle;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says that this process is to stop; whoever waits for something waits here, so that a shutdown
 * ends the wait.
 */
@ApplicationScoped
public class DrainSignal {

  private final CountDownLatch begun = new CountDownLatch(1);

  public void begin() {
    begun.countDown();
  }

  public boolean isDraining() {
    return begun.getCount() == 0;
  }

  /**
   * Waits, but no longer than until draining begins.
   *
   * @return false where draining has begun or the thread was interrupted (its interrupt status is
   *     kept): go on no further
   */
  public boolean pause(Duration duration) {
    try {
      return !begun.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
