package io.aihub.it;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Takes the place of the application's clock in the server under test, so that a lease can be made
 * to expire without waiting for it. Packed into the EAR's lib, where every module sees it.
 */
@ApplicationScoped
@Alternative
@Priority(1)
public class MovableClock {

  private volatile Duration ahead = Duration.ZERO;

  /** Lets the application's time be this far ahead of the machine's. */
  public void setAhead(Duration duration) {
    ahead = duration;
  }

  @Produces
  @ApplicationScoped
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return Clock.systemUTC().withZone(zone);
      }

      @Override
      public Instant instant() {
        return Clock.systemUTC().instant().plus(ahead);
      }
    };
  }
}
