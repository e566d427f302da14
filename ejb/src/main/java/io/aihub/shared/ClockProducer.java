package io.aihub.shared;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.time.Duration;

/** The one place that reads the machine's clock; tests set their own. */
@ApplicationScoped
public class ClockProducer {

  /**
   * Ticks in microseconds, as the database keeps them: what is read back equals what was written.
   */
  @Produces
  @ApplicationScoped
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
  }
}
