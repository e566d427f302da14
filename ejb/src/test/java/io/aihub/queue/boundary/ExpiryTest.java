package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.PARIS;
import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExpiryTest extends QueueTest {

  private void vanish() {
    queue.clock.advance(Duration.ofMinutes(2));
    queue.expiry.reclaimExpired();
  }

  @Test
  void theLinesOfAVanishedWorkerGoToAnother() {
    long task = queue.taskOf(lines(10));
    queue.lease(TOKYO, 10);
    vanish();
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(10);

    LeaseGrant again = queue.lease(TOKYO, 10);

    assertThat(again.lines()).hasSize(10);
    assertThat(again.lines()).extracting(LeasedLine::attempt).containsOnly(2);
    assertThat(queue.settle(TOKYO, again, queue.uploaded(again)).succeeded()).isEqualTo(10);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
  }

  @Test
  void onePoisonLineIsFoundAndTheOthersAreDone() {
    long poison = 7;
    long task = queue.taskOf(lines(20));
    int vanished = 0;
    for (LeaseGrant grant = queue.lease(TOKYO, 10); grant != null; grant = queue.lease(TOKYO, 10)) {
      if (grant.lines().stream().anyMatch(line -> line.line() == poison)) {
        vanish();
        vanished++;
      } else {
        queue.settle(TOKYO, grant, queue.uploaded(grant));
      }
      queue.ledger(task);
    }

    assertThat(queue.ledger(task).succeeded()).isEqualTo(19);
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.LOST, 1L));
    FailureView lost = queue.ledger.failures(task, null, true, 0, 10).items().get(0);
    assertThat(lost.line()).isEqualTo(poison);
    assertThat(lost.text()).isEqualTo("https://origin/7");
    assertThat(vanished).isLessThanOrEqualTo(7);
    queue.segments.closeSettled();
    assertThat(queue.state(task)).isEqualTo("COMPLETED");
    assertThat(queue.manifest(task).get(6)).contains("\"class\":\"LOST\"");
  }

  @Test
  void onePoisonLineIsFoundThoughItTakesAllWorkersOfAMachineWithIt() {
    assertOnlyTheGuiltyAreFound(40, Set.of(7L));
  }

  @Test
  void noHarmlessLineIsFoundGuiltyBesideOnesThatStrikeForTheFirstTime() {
    assertOnlyTheGuiltyAreFound(300, LongStream.range(1, 8).mapToObj(n -> n * 41).collect(toSet()));
  }

  private void assertOnlyTheGuiltyAreFound(int lines, Set<Long> poison) {
    long task = queue.taskOf(lines(lines));
    for (List<LeaseGrant> held = workers(3); !held.isEmpty(); held = workers(3)) {
      boolean struck =
          held.stream()
              .flatMap(grant -> grant.lines().stream())
              .anyMatch(line -> poison.contains(line.line()));
      if (struck) {
        vanish();
      } else {
        held.forEach(grant -> queue.settle(TOKYO, grant, queue.uploaded(grant)));
      }
      queue.ledger(task);
    }

    assertThat(queue.ledger.failures(task, null, true, 0, 100).items())
        .extracting(FailureView::line)
        .containsExactlyInAnyOrderElementsOf(poison);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(lines - poison.size());
  }

  @Test
  void aMachineWorksOnSuspectsAloneAndTheOthersGoOnMeanwhile() {
    long task = queue.taskOf(lines(1));
    for (int i = 0; i < 2; i++) {
      queue.lease(TOKYO, 10);
      vanish();
    }
    queue.taskOf(lines(100), "abroad", 1);
    LeaseGrant other = queue.lease(TOKYO, 10);
    queue.lease(PARIS, 10);
    queue.jdbi.useHandle(
        handle -> handle.execute("update download_task set priority = 2 where id = ?", task));

    assertThat(queue.lease(TOKYO, 10)).as("it waits until it is alone").isNull();
    assertThat(queue.lease(PARIS, 10).lines()).as("another one doesn't").hasSize(10);
    LeaseGrant suspect = queue.settle(TOKYO, other, queue.uploaded(other), 10).next();

    assertThat(suspect.taskId()).isEqualTo(task);
    assertThat(queue.lease(TOKYO, 10)).as("nothing beside a suspect").isNull();
    LeaseGrant next = queue.settle(TOKYO, suspect, queue.uploaded(suspect), 10).next();
    assertThat(next.lines()).hasSize(10);
    assertThat(queue.lease(TOKYO, 10).lines()).as("it works as before").hasSize(10);
    assertThat(queue.ledger(task).succeeded()).isOne();
  }

  /** What the workers of one machine get when each asks for lines. */
  private List<LeaseGrant> workers(int count) {
    return Stream.generate(() -> queue.lease(TOKYO, 10))
        .limit(count)
        .filter(Objects::nonNull)
        .toList();
  }

  @Test
  void aPoisonLineAmongRetriesIsFoundToo() {
    long task = queue.taskOf(lines(5));
    LeaseGrant first = queue.lease(TOKYO, 5);
    queue.settle(
        TOKYO,
        first,
        first.lines().stream()
            .map(line -> QueueFixture.failed(line, FailureClass.TIMEOUT))
            .toList());
    queue.clock.advance(Duration.ofMinutes(1));
    for (LeaseGrant grant = queue.lease(TOKYO, 10); grant != null; grant = queue.lease(TOKYO, 10)) {
      if (grant.lines().stream().anyMatch(line -> line.line() == 3)) {
        vanish();
      } else {
        queue.settle(TOKYO, grant, queue.uploaded(grant));
      }
      queue.ledger(task);
    }

    assertThat(queue.ledger(task).succeeded()).isEqualTo(4);
    assertThat(queue.ledger.failuresByClass(task)).isEqualTo(Map.of(FailureClass.LOST, 1L));
    assertThat(queue.ledger.failures(task, null, false, 0, 10).total()).isEqualTo(1);
  }

  @Test
  void aLineThatWasLostBeforeIsLeasedAlone() {
    queue.taskOf(lines(5));
    LeaseGrant first = queue.lease(TOKYO, 5);
    queue.settle(
        TOKYO,
        first,
        first.lines().stream()
            .map(line -> QueueFixture.failed(line, FailureClass.TIMEOUT))
            .toList());
    queue.clock.advance(Duration.ofMinutes(1));
    assertThat(queue.lease(TOKYO, 10).lines()).hasSize(5);
    vanish();

    assertThat(queue.lease(TOKYO, 10).lines()).hasSize(1);
  }

  @Test
  void afterAnOutageWorkersMayGoOnWithWhatTheyHold() {
    long task = queue.taskOf(lines(10));
    LeaseGrant grant = queue.lease(TOKYO, 10);
    queue.clock.advance(Duration.ofHours(1));

    queue.expiry.forgiveOutage();
    queue.clock.advance(Duration.ofSeconds(59));

    assertThat(queue.expiry.reclaimExpired()).isZero();
    assertThat(queue.settle(TOKYO, grant, queue.uploaded(grant)).succeeded()).isEqualTo(10);
    assertThat(queue.ledger(task).succeeded()).isEqualTo(10);
  }

  @Test
  void anExpiredLeaseOfManyIsReclaimedInBatches() {
    long task = queue.taskOf(lines(120));
    for (int i = 0; i < 120; i++) {
      queue.lease(TOKYO, 1);
    }
    queue.clock.advance(Duration.ofMinutes(2));

    assertThat(queue.expiry.reclaimExpired()).isEqualTo(120);
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(120);
  }

  @Test
  void linesSettledInTheMiddleOfALossAreNotGivenAgain() {
    long task = queue.taskOf("a\n\nb\n \nc\n");
    LeaseGrant grant = queue.lease(TOKYO, 10);
    assertThat(grant.lines()).extracting(LeasedLine::line).containsExactly(1L, 3L, 5L);
    vanish();
    for (LeaseGrant again = queue.lease(TOKYO, 10); again != null; again = queue.lease(TOKYO, 10)) {
      List<LineResult> results = queue.uploaded(again);
      queue.settle(TOKYO, again, results);
    }

    assertThat(queue.ledger(task).succeeded()).isEqualTo(3);
    assertThat(queue.ledger(task).skipped()).isEqualTo(2);
  }
}
