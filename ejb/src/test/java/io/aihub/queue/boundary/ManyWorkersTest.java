package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.SettleAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ManyWorkersTest extends QueueTest {

  private static final int WORKERS = 16;
  private static final int LINES = 1_500;

  @Test
  void workersAtOnceGetEveryLineOnceAndNeverBlockEachOtherForGood() throws Exception {
    long task = queue.taskOf(lines(LINES));
    Map<Long, String> takenBy = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Callable<Integer>> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(worker(i, takenBy));
      }
      int leased = 0;
      for (Future<Integer> worker : threads.invokeAll(workers)) {
        leased += result(worker);
      }
      assertThat(leased).isEqualTo(LINES);
    } finally {
      threads.shutdownNow();
    }

    assertThat(takenBy).hasSize(LINES);
    assertThat(queue.ledger(task).notHandedOut()).isZero();
    assertThat(queue.ledger(task).failed()).isEqualTo(LINES);
    queue.segments.closeSettled();
    assertThat(queue.manifest(task)).hasSize(LINES);
  }

  private Callable<Integer> worker(int number, Map<Long, String> takenBy) {
    MachineIdentity machine = new MachineIdentity(number + 1, "machine-" + number, "abroad");
    Random random = new Random(number);
    return () -> {
      int lines = 0;
      LeaseGrant grant = queue.lease(machine, 1 + random.nextInt(20));
      while (grant != null) {
        for (LeasedLine line : grant.lines()) {
          assertThat(takenBy.put(line.line(), machine.name())).isNull();
        }
        lines += grant.lines().size();
        List<LineResult> results =
            grant.lines().stream()
                .map(
                    line ->
                        QueueFixture.failed(
                            line,
                            random.nextBoolean() ? FailureClass.HTTP_4xx : FailureClass.OUTPUT))
                .toList();
        SettleAnswer answer = queue.settle(machine, grant, results, 1 + random.nextInt(20));
        grant = answer.next();
      }
      return lines;
    };
  }

  private static int result(Future<Integer> worker) throws InterruptedException {
    try {
      return worker.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }
}
