package io.aihub.queue.boundary;

import static net.jqwik.api.Arbitraries.integers;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.boundary.QueueStep.AskForRetry;
import io.aihub.queue.boundary.QueueStep.Attempt;
import io.aihub.queue.boundary.QueueStep.Cancel;
import io.aihub.queue.boundary.QueueStep.CarryOutRetries;
import io.aihub.queue.boundary.QueueStep.CloseSegments;
import io.aihub.queue.boundary.QueueStep.Expire;
import io.aihub.queue.boundary.QueueStep.Lease;
import io.aihub.queue.boundary.QueueStep.LeaseAtOnce;
import io.aihub.queue.boundary.QueueStep.Mistake;
import io.aihub.queue.boundary.QueueStep.Pass;
import io.aihub.queue.boundary.QueueStep.Pause;
import io.aihub.queue.boundary.QueueStep.Prioritise;
import io.aihub.queue.boundary.QueueStep.Renew;
import io.aihub.queue.boundary.QueueStep.RepeatReport;
import io.aihub.queue.boundary.QueueStep.Restart;
import io.aihub.queue.boundary.QueueStep.Resume;
import io.aihub.queue.boundary.QueueStep.Settle;
import io.aihub.queue.boundary.QueueStep.SettleForeign;
import io.aihub.queue.boundary.QueueStep.SettleTwiceAtOnce;
import io.aihub.queue.boundary.QueueStep.SettleWrongly;
import io.aihub.testing.TestDatabase;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever workers, servers, people and the clock do, and in whatever order: each line is counted
 * once, for what became of it, and nobody gets a line that somebody else has. How many histories
 * are tried is set by {@code -Djqwik.tries.default}.
 */
class QueueHistoryTest {

  private static final int MAX_STEPS = 30;

  private static QueueFixture queue;

  @BeforeContainer
  static void start() {
    queue = new QueueFixture(TestDatabase.create());
  }

  @AfterContainer
  static void stop() {
    queue.close();
  }

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.FULL)
  void everyHistoryKeepsTheLedger(@ForAll("histories") List<QueueStep> steps) {
    try (QueueHistory history = new QueueHistory(queue, HistoryTask.of(queue))) {
      steps.forEach(history::run);
      history.finish();
    }
  }

  @Provide
  Arbitrary<List<QueueStep>> histories() {
    return steps().list().ofMinSize(1).ofMaxSize(MAX_STEPS);
  }

  private static Arbitrary<QueueStep> steps() {
    Arbitrary<Integer> server = integers().between(0, 1);
    Arbitrary<Integer> machine = integers().between(0, 1);
    Arbitrary<Integer> lease = integers().between(0, 5);
    Arbitrary<Integer> capacity = integers().between(1, 5);
    Arbitrary<Integer> next = integers().between(0, 5);
    Arbitrary<List<Attempt>> attempts =
        Arbitraries.of(Attempt.class).list().ofMinSize(1).ofMaxSize(4);
    Arbitrary<List<FailureClass>> classes =
        Arbitraries.of(FailureClass.TIMEOUT, FailureClass.HTTP_4xx, FailureClass.LOST)
            .list()
            .uniqueElements()
            .ofMaxSize(2);
    Arbitrary<List<Long>> lines =
        Arbitraries.longs().between(1, HistoryTask.LINES).list().uniqueElements().ofMaxSize(3);
    return Arbitraries.frequencyOf(
        Tuple.of(12, Combinators.combine(server, machine, capacity).as(Lease::new)),
        Tuple.of(2, capacity.map(LeaseAtOnce::new)),
        Tuple.of(14, Combinators.combine(server, lease, attempts, next).as(Settle::new)),
        Tuple.of(2, Combinators.combine(lease, attempts, next).as(SettleTwiceAtOnce::new)),
        Tuple.of(3, Combinators.combine(server, lease).as(RepeatReport::new)),
        Tuple.of(1, Combinators.combine(server, lease).as(SettleForeign::new)),
        Tuple.of(
            1,
            Combinators.combine(server, lease, Arbitraries.of(Mistake.class))
                .as(SettleWrongly::new)),
        Tuple.of(3, Combinators.combine(server, lease, next).as(Renew::new)),
        Tuple.of(5, Arbitraries.of(1, 30, 119, 120, 1_000).map(Pass::new)),
        Tuple.of(4, server.map(Expire::new)),
        Tuple.of(3, server.map(CloseSegments::new)),
        Tuple.of(3, Combinators.combine(server, classes, lines).as(AskForRetry::new)),
        Tuple.of(3, server.map(CarryOutRetries::new)),
        Tuple.of(1, Arbitraries.create(Pause::new)),
        Tuple.of(2, Arbitraries.create(Resume::new)),
        Tuple.of(1, integers().between(0, 9).map(n -> n == 0 ? new Cancel() : new Resume())),
        Tuple.of(1, integers().between(0, 2).map(Prioritise::new)),
        Tuple.of(2, server.map(Restart::new)));
  }
}
