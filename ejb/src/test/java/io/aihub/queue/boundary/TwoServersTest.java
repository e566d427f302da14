package io.aihub.queue.boundary;

import static io.aihub.queue.boundary.QueueFixture.TOKYO;
import static io.aihub.queue.boundary.QueueFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.control.Ingest;
import io.aihub.queue.control.QueueSettings;
import io.aihub.shared.ConflictException;
import io.aihub.testing.ServerConnections;
import io.aihub.testing.TestStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers on one database, each with its own connections, memory and timers. */
class TwoServersTest extends QueueTest {

  private static final int WORKERS = 6; // of each server
  private static final int LINES = 3_000;
  private static final int DIES_AFTER = 800;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(4);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicInteger epoch = new AtomicInteger(); // one ends when the leases expire
  private final Map<Long, Integer> heldSince = new ConcurrentHashMap<>();
  private final Set<Long> succeeded = ConcurrentHashMap.newKeySet();
  private final List<Future<?>> started = new ArrayList<>();
  private final AtomicInteger settled = new AtomicInteger();

  private ServerConnections oneWay;
  private ServerConnections otherWay;
  private QueueServer one;
  private QueueServer other;

  @Override
  QueueSettings settings() {
    return QueueFixture.TRUSTING;
  }

  @BeforeEach
  void start() {
    oneWay = database().connections();
    otherWay = database().connections();
    one = queue.start(oneWay.jdbi(), QueueFixture.TRUSTING);
    other = queue.start(otherWay.jdbi(), QueueFixture.TRUSTING);
  }

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    timers.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(timers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    one.close();
    other.close();
    oneWay.close();
    otherWay.close();
  }

  @Test
  void oneDiesInTheMiddleAndTheOtherFinishes() throws Exception {
    long task = queue.taskOf(lines(LINES));
    startTimers(one);
    startTimers(other);
    List<Future<Void>> doomed = new ArrayList<>();
    List<Future<Void>> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      doomed.add(threads.submit(worker(one, new MachineIdentity(i + 1, "one-" + i, "abroad"))));
      workers.add(
          threads.submit(worker(other, new MachineIdentity(i + 100, "two-" + i, "abroad"))));
    }
    await(() -> settled.get() >= DIES_AFTER);

    oneWay.close();
    for (Future<Void> worker : doomed) {
      assertThat(worker).failsWithin(Duration.ofSeconds(30));
    }
    await(() -> queue.ledger.ledger(task).notHandedOut() == 0);
    epoch.incrementAndGet();
    queue.clock.advance(QueueModel.LEASE); // nobody renews what the dead ones hold
    await(() -> queue.state(task).equals("COMPLETED"));
    finished.countDown();
    for (Future<Void> worker : workers) {
      worker.get(30, TimeUnit.SECONDS);
    }

    assertThat(started).filteredOn(job -> !job.isDone()).as("the survivor's timers").hasSize(3);
    LedgerView ledger = queue.ledger(task);
    assertThat(ledger.succeeded() + ledger.failed()).isEqualTo(LINES);
    assertThat(ledger.succeeded()).isGreaterThanOrEqualTo(succeeded.size());
    List<String> manifest = queue.manifest(task);
    assertThat(manifest).hasSize(LINES);
    assertThat(manifest.stream().filter(record -> record.contains("\"succeeded\"")))
        .hasSize((int) ledger.succeeded());
  }

  private void startTimers(QueueServer server) {
    List<Runnable> jobs =
        List.of(
            server.segments::closeSettled, server.expiry::reclaimExpired, server.retries::proceed);
    for (Runnable job : jobs) {
      // a job that fails is not started again: of the server that died, none goes on
      started.add(timers.scheduleWithFixedDelay(job, 5, 5, TimeUnit.MILLISECONDS));
    }
  }

  private Callable<Void> worker(QueueServer server, MachineIdentity machine) {
    return () -> {
      LeaseGrant grant = null;
      int asked = epoch.get(); // before the lines were asked for
      while (grant != null || !finished.await(5, TimeUnit.MILLISECONDS)) {
        int now = epoch.get();
        grant =
            grant == null
                ? server.leases.lease(machine, new LeaseRequest(7, "w")).grant()
                : settle(server, machine, grant, asked);
        asked = now;
      }
      return null;
    };
  }

  private LeaseGrant settle(
      QueueServer server, MachineIdentity machine, LeaseGrant grant, int asked) {
    int now = epoch.get();
    for (LeasedLine line : grant.lines()) {
      Integer before = heldSince.put(line.line(), asked);
      assertThat(before == null || before < now)
          .as("line %s is in the hands of another worker", line.line())
          .isTrue();
      assertThat(succeeded).doesNotContain(line.line());
    }
    try {
      SettleAnswer answer =
          server.leases.settle(
              machine,
              grant.leaseId(),
              new SettleRequest(
                  grant.sequence(),
                  UUID.randomUUID(),
                  grant.lines().stream().map(TwoServersTest::result).toList(),
                  7));
      for (LeasedLine line : grant.lines()) {
        if (!isBad(line)) {
          succeeded.add(line.line());
        }
      }
      settled.addAndGet(grant.lines().size());
      return answer.next();
    } catch (ConflictException expired) { // the clock has been moved on
      return null;
    }
  }

  private static boolean isBad(LeasedLine line) {
    return line.line() % 10 == 0;
  }

  private static LineResult result(LeasedLine line) {
    return isBad(line) ? QueueFixture.failed(line, FailureClass.HTTP_4xx) : QueueFixture.done(line);
  }

  private void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      assertThat(finished.await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  private <T> List<T> atOnce(Callable<T> first, Callable<T> second) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> result : threads.invokeAll(List.of(first, second))) {
      results.add(result.get());
    }
    return results;
  }

  @Test
  void everyExpiredLeaseIsReclaimedByOneOfThem() throws Exception {
    long task = queue.taskOf(lines(200));
    for (int i = 0; i < 200; i++) {
      queue.lease(TOKYO, 1);
    }
    queue.clock.advance(QueueModel.LEASE);

    List<Integer> reclaimed =
        atOnce(() -> one.expiry.reclaimExpired(), () -> other.expiry.reclaimExpired());

    assertThat(reclaimed.get(0) + reclaimed.get(1)).isEqualTo(200);
    assertThat(queue.ledger(task).notHandedOut()).isEqualTo(200);
  }

  @Test
  void everyIndexIsReadByOneOfThem() throws Exception {
    queue.storage.put(TestStorage.INDEX_BUCKET, "shared.txt", lines(300));
    List<Long> tasks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tasks.add(queue.task("s3://" + TestStorage.INDEX_BUCKET + "/shared.txt"));
    }

    List<Integer> read = atOnce(() -> readAll(one), () -> readAll(other));

    assertThat(read.get(0) + read.get(1)).isEqualTo(tasks.size());
    for (long task : tasks) {
      assertThat(queue.ledger(task).lines()).isEqualTo(300);
    }
  }

  private static int readAll(QueueServer server) {
    int read = 0;
    Optional<Ingest> claimed = server.ingest.claim();
    while (claimed.isPresent()) {
      server.ingest.read(claimed.get());
      read++;
      claimed = server.ingest.claim();
    }
    return read;
  }

  @Test
  void segmentsAreClosedAndFailuresReopenedOnce() throws Exception {
    long task = queue.taskOf(lines(600));
    for (LeaseGrant grant = queue.lease(TOKYO, 100);
        grant != null;
        grant = queue.lease(TOKYO, 100)) {
      queue.settle(TOKYO, grant, grant.lines().stream().map(TwoServersTest::result).toList());
    }
    for (int round = 1; round <= 3; round++) {
      atOnce(this::closeOne, this::closeOther);
      assertThat(queue.state(task)).isEqualTo("COMPLETED");
      assertThat(queue.manifest(task)).hasSize(600);
      queue.retries.retry("user1", task, new RetryRequest(null, null, null));
      atOnce(this::proceedOne, this::proceedOther);
      assertThat(queue.ledger(task).waiting()).isEqualTo(60);
      for (LeaseGrant grant = queue.lease(TOKYO, 100);
          grant != null;
          grant = queue.lease(TOKYO, 100)) {
        queue.settle(TOKYO, grant, grant.lines().stream().map(TwoServersTest::result).toList());
      }
      assertThat(queue.ledger(task).failed()).isEqualTo(60);
      queue.clock.advance(Duration.ofSeconds(1));
    }
  }

  private Void closeOne() {
    one.segments.closeSettled();
    return null;
  }

  private Void closeOther() {
    other.segments.closeSettled();
    return null;
  }

  private Void proceedOne() {
    one.retries.proceed();
    return null;
  }

  private Void proceedOther() {
    other.retries.proceed();
    return null;
  }
}
