package io.aihub.client.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HeldLeaseTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void linesAreHandedOutOnceAndInOrder() {
    HeldLease lease = lease(2);

    assertThat(lease.next().line()).isEqualTo(1);
    assertThat(lease.next().line()).isEqualTo(2);
    assertThat(lease.next()).isNull();
  }

  @Test
  void aLeaseOfSeveralChunksIsCompleteWithTheLastOne() {
    HeldLease lease = lease(3);

    lease.add(List.of(success(1), success(2)), 2);
    assertThat(lease.isComplete()).isFalse();

    lease.add(List.of(success(3)), 1);
    assertThat(lease.isComplete()).isTrue();
  }

  @Test
  void aReportNamesEachLineOnceAndGivesBackWhatHasNoResult() {
    HeldLease lease = lease(3);
    lease.next();
    lease.add(List.of(success(1)), 1);

    assertThat(lease.report())
        .extracting(LineResult::line, LineResult::outcome)
        .containsExactlyInAnyOrder(
            tuple(1L, Outcome.SUCCEEDED),
            tuple(2L, Outcome.GIVEN_BACK),
            tuple(3L, Outcome.GIVEN_BACK));
  }

  @Test
  void withdrawnLinesAreSkippedAndNeedNoResult() {
    HeldLease lease = lease(4);
    lease.next();
    lease.withdraw(List.of(3L, 4L));

    assertThat(lease.next().line()).isEqualTo(2);
    assertThat(lease.next()).isNull();
    lease.add(List.of(success(1)), 1);
    assertThat(lease.report()).extracting(LineResult::line).containsExactly(1L, 2L);
    lease.add(List.of(success(2)), 1);
    assertThat(lease.isComplete()).isTrue();
  }

  @Test
  void noLineIsBegunOnceTheTaskWasStoppedOrTheLeaseIsLost() {
    HeldLease stopped = lease(2);
    stopped.stop();
    HeldLease lost = lease(2);
    lost.lose();

    assertThat(stopped.next()).isNull();
    assertThat(lost.next()).isNull();
  }

  @Test
  void aRenewalIsDueAfterAThirdOfTheLeasesLifeAndNeverOnceItIsLost() {
    HeldLease lease = lease(1);

    assertThat(lease.isRenewalDue(NOW.plusSeconds(39))).isFalse();
    assertThat(lease.isRenewalDue(NOW.plusSeconds(40))).isTrue();
    lease.renewed(120, NOW.plusSeconds(40));
    assertThat(lease.isRenewalDue(NOW.plusSeconds(79))).isFalse();
    lease.lose();
    assertThat(lease.isRenewalDue(NOW.plusSeconds(500))).isFalse();
  }

  @Test
  void triedLinesAndUploadsAreProgress() {
    HeldLease lease = lease(2);
    lease.tried();
    lease.tried();
    lease.add(List.of(success(1), success(2)), 2);

    assertThat(lease.renewal().linesDone()).isEqualTo(4);
  }

  private static LineResult success(long line) {
    return LineResult.succeeded(line, "a/" + line, 1, "0".repeat(64));
  }

  private static HeldLease lease(int lines) {
    List<LeasedLine> leased =
        LongStream.rangeClosed(1, lines).mapToObj(n -> new LeasedLine(n, 1, "line " + n)).toList();
    return new HeldLease(
        new LeaseGrant(UUID.randomUUID(), 1, 1, "0".repeat(64), 120, 600, leased, null), NOW);
  }
}
