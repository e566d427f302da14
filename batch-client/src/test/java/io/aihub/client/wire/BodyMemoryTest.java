package io.aihub.client.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {

  private static final long MB = 1_000_000;

  private final AtomicLong room = new AtomicLong(100 * MB);
  private final AtomicInteger looks = new AtomicInteger();
  private final BodyMemory memory =
      new BodyMemory(
          500 * MB,
          wanted -> {
            looks.incrementAndGet();
            return room.get();
          },
          Duration.ofMillis(50));

  @Test
  void smallBodiesPassWithoutALook() throws Exception {
    room.set(0);

    assertThat(memory.newClaim().await(4 * MB, () -> false)).isTrue();
    assertThat(looks).hasValue(0);
  }

  @Test
  void whatThereIsRoomForPassesAtOnce() throws Exception {
    assertThat(memory.newClaim().await(60 * MB, () -> false)).isTrue();
    assertThat(memory.newClaim().await(40 * MB, () -> false)).isTrue();
  }

  @Test
  void oneWaitsUntilAnotherLineIsOver() throws Exception {
    BodyMemory.Claim first = memory.newClaim();
    first.await(60 * MB, () -> false);
    CompletableFuture<Boolean> second = begin(60 * MB);
    awaitLooks(2);
    assertThat(second).isNotDone();

    first.release();

    assertThat(second.get(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void smallBodiesThatGoAreNotWorthALook() throws Exception {
    BodyMemory.Claim first = memory.newClaim();
    first.await(90 * MB, () -> false);
    CompletableFuture<Boolean> waiting = begin(80 * MB);
    awaitLooks(2);
    BodyMemory.Claim small = memory.newClaim();
    for (int file = 0; file < 10; file++) {
      small.await(MB, () -> false);
      small.release();
    }

    first.release();

    assertThat(waiting.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(looks).as("five seconds may have gone by").hasValueLessThanOrEqualTo(4);
  }

  @Test
  void whoCameFirstIsServedFirst() throws Exception {
    BodyMemory.Claim first = memory.newClaim();
    first.await(90 * MB, () -> false);
    CompletableFuture<Boolean> large = begin(80 * MB);
    awaitLooks(2);
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Boolean> lesser =
        CompletableFuture.supplyAsync(
            () -> await(memory.newClaim(), 10 * MB, () -> asked.incrementAndGet() < 0));
    Awaitility.await().untilAsserted(() -> assertThat(asked).hasValueGreaterThan(2));
    assertThat(lesser).as("there is room for it, but it isn't its turn").isNotDone();

    first.release();

    assertThat(large.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(lesser.get(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void whatABodyWasReadWithIsRoomForOthers() throws Exception {
    BodyMemory.Claim first = memory.newClaim();
    first.await(60 * MB, () -> false);
    first.read(60 * MB, 30 * MB);

    assertThat(memory.newClaim().await(70 * MB, () -> false)).isTrue();
  }

  @Test
  void theNextBodyOfALineTakesThePlaceOfItsLast() throws Exception {
    BodyMemory.Claim claim = memory.newClaim();
    for (int file = 0; file < 5; file++) {
      assertThat(claim.await(80 * MB, () -> false)).isTrue();
      claim.read(80 * MB, 40 * MB);
    }
  }

  @Test
  void aBodyThatWillNeverFitIsRefused() throws Exception {
    assertThat(memory.newClaim().await(101 * MB, () -> false)).isFalse();
    assertThat(memory.newClaim().await(100 * MB, () -> false)).as("nothing stays claimed").isTrue();
  }

  @Test
  void aBodyLargerThanTheHeapIsRefusedAtOnce() throws Exception {
    assertThat(memory.newClaim().await(501 * MB, () -> false)).isFalse();
    assertThat(looks).hasValue(0);
  }

  @Test
  void aBodyThatGrowsWaitsForOthersWithPatienceOnly() throws Exception {
    memory.newClaim().await(60 * MB, () -> false);
    BodyMemory.Claim growing = memory.newClaim();
    assertThat(growing.await(20 * MB, () -> false)).isTrue();

    assertThat(growing.await(40 * MB, () -> false))
        .as("else two would wait for each other")
        .isFalse();
  }

  @Test
  void whoIsStoppedWaitsNoLonger() throws Exception {
    memory.newClaim().await(90 * MB, () -> false);
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> await(memory.newClaim(), 90 * MB, stopped::get));
    awaitLooks(2);

    stopped.set(true);

    assertThat(waiting.get(1, TimeUnit.MINUTES)).isFalse();
  }

  private CompletableFuture<Boolean> begin(long bytes) {
    return CompletableFuture.supplyAsync(() -> await(memory.newClaim(), bytes, () -> false));
  }

  private static boolean await(BodyMemory.Claim claim, long bytes, BooleanSupplier stopped) {
    try {
      return claim.await(bytes, stopped);
    } catch (InterruptedException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private void awaitLooks(int count) {
    Awaitility.await().untilAsserted(() -> assertThat(looks).hasValueGreaterThanOrEqualTo(count));
  }
}
