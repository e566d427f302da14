package io.aihub.identity.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Slows the guessing of passwords down. After five wrong ones in a row for one account from one
 * address comes a pause, and after each further one a pause twice as long, up to five minutes; in a
 * pause no password is looked at, not even the right one. Others who use the account from elsewhere
 * aren't held up, so that nobody can lock them out.
 *
 * <p>It is kept in memory: a restart forgets it, and each server counts for itself.
 */
@ApplicationScoped
public class SignInBrake {

  private static final int FREE = 5;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final int MOST_REMEMBERED = 100_000;

  private final Cache<Attempt, Failures> failures =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

  @Inject private Clock clock;

  private record Attempt(String username, String address) {}

  private record Failures(int count, Instant last, Instant pausedUntil) {}

  /** How long no password is looked at yet; zero where the next one is. */
  public Duration pause(String username, String address) {
    Failures known = failures.getIfPresent(new Attempt(username, address));
    Instant now = clock.instant();
    return known == null || !known.pausedUntil().isAfter(now)
        ? Duration.ZERO
        : Duration.between(now, known.pausedUntil());
  }

  /** A password was wrong. */
  public void failed(String username, String address) {
    Instant now = clock.instant();
    failures
        .asMap()
        .compute(
            new Attempt(username, address),
            (attempt, known) -> {
              boolean fresh = known == null || known.last().plus(REMEMBERED).isBefore(now);
              int count = fresh ? 1 : known.count() + 1;
              return new Failures(count, now, now.plus(pauseAfter(count)));
            });
  }

  private static Duration pauseAfter(int count) {
    if (count < FREE) {
      return Duration.ZERO;
    }
    Duration pause = FIRST_PAUSE;
    for (int i = FREE; i < count && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** A password was right. */
  public void succeeded(String username, String address) {
    failures.invalidate(new Attempt(username, address));
  }
}
