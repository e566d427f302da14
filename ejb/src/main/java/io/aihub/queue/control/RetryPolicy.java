package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * When a failed line is tried again. Exponential backoff with full jitter: the wait is anything
 * between nothing and a bound that doubles with each attempt, so that lines which failed together
 * don't come back together.
 */
@Dependent
public class RetryPolicy {

  private final QueueSettings settings;
  private final LongUnaryOperator below;

  @Inject
  public RetryPolicy(QueueSettings settings) {
    this(settings, bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /**
   * @param below a random number from 0 to its argument, exclusive
   */
  RetryPolicy(QueueSettings settings, LongUnaryOperator below) {
    this.settings = settings;
    this.below = below;
  }

  /**
   * The wait before the next attempt; empty where the failure is final.
   *
   * @param attempts attempts made so far, this one included
   * @param retryAfterSeconds the least wait, as the origin asked; null where it didn't
   */
  public Optional<Duration> next(
      FailureClass failureClass, int attempts, Integer retryAfterSeconds) {
    if (!failureClass.isRetryable() || attempts >= settings.maxAttempts()) {
      return Optional.empty();
    }
    long base = settings.retryBase().toMillis();
    long bound = base << Math.min(attempts - 1, 20);
    bound = Math.max(1, Math.min(settings.retryMax().toMillis(), bound));
    Duration asked = Duration.ofSeconds(retryAfterSeconds == null ? 0 : retryAfterSeconds);
    return Optional.of(asked.plusMillis(below.applyAsLong(bound)));
  }
}
