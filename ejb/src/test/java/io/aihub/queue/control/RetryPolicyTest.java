package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final QueueSettings PATIENT =
      new QueueSettings(
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          100,
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          1,
          true);

  private final RetryPolicy longest = new RetryPolicy(PATIENT, bound -> bound - 1);
  private final RetryPolicy shortest = new RetryPolicy(PATIENT, bound -> 0);

  @Test
  void theLongestWaitDoublesUpToItsLimit() {
    long[] seconds =
        IntStream.of(1, 2, 3, 4, 10, 60)
            .mapToLong(
                attempt ->
                    longest.next(FailureClass.TIMEOUT, attempt, null).orElseThrow().toMillis() + 1)
            .map(millis -> millis / 1000)
            .toArray();

    assertThat(seconds).containsExactly(10, 20, 40, 80, 3600, 3600);
  }

  @Test
  void theShortestWaitIsWhatTheOriginAsksFor() {
    assertThat(shortest.next(FailureClass.HTTP_429, 1, null)).contains(Duration.ZERO);
    assertThat(shortest.next(FailureClass.HTTP_429, 1, 90)).contains(Duration.ofSeconds(90));
    assertThat(longest.next(FailureClass.HTTP_429, 1, 90))
        .contains(Duration.ofSeconds(90).plusMillis(9_999));
  }

  @Test
  void theLastAttemptIsTheLast() {
    RetryPolicy threeAttempts = new RetryPolicy(QueueSettings.DEFAULTS);

    assertThat(threeAttempts.next(FailureClass.DNS, 2, null)).isPresent();
    assertThat(threeAttempts.next(FailureClass.DNS, 3, null)).isEmpty();
    assertThat(threeAttempts.next(FailureClass.HTTP_429, 3, 5)).isEmpty();
  }

  @Test
  void whatCannotPassIsNotTriedAgain() {
    assertThat(longest.next(FailureClass.HTTP_4xx, 1, 90)).isEmpty();
  }
}
