package io.aihub.queue.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.boundary.QueueModel.Held;
import io.aihub.queue.boundary.QueueModel.State;
import io.aihub.queue.boundary.QueueStep.Attempt;
import io.aihub.queue.boundary.QueueStep.Mistake;
import io.aihub.shared.BusinessException;
import io.aihub.shared.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One random history: a task of two servers, with a model beside it. Every step does the same to
 * both and compares what the services answer with what the model says.
 */
final class QueueHistory implements AutoCloseable {

  private static final List<Attempt> ALL_WELL = List.of(Attempt.SUCCEEDS);
  private static final int MANY = 1_000;

  private final QueueFixture queue;
  private final HistoryTask task;
  private final QueueServer[] servers;
  private final List<MachineIdentity> machines;
  private final QueueModel model;

  QueueHistory(QueueFixture queue, HistoryTask task) {
    this.queue = queue;
    this.task = task;
    this.servers =
        new QueueServer[] {queue.start(QueueFixture.TRUSTING), queue.start(QueueFixture.TRUSTING)};
    this.machines =
        List.of(
            new MachineIdentity(1, "one", task.tag()), new MachineIdentity(2, "two", task.tag()));
    this.model = new QueueModel(HistoryTask.USABLE);
  }

  /** Does a step and checks that the ledger is what the model says. */
  void run(QueueStep step) {
    step.run(this);
    check();
  }

  private Instant now() {
    return queue.clock.instant();
  }

  private void check() {
    assertThat(queue.ledger.verify(task.id())).as("the ledger's own check").isEmpty();
    LedgerView ledger = queue.ledger.ledger(task.id());
    assertThat(ledger.balances()).as("%s", ledger).isTrue();
    long unusable = queue.ledger.failuresByClass(task.id()).getOrDefault(FailureClass.INDEX, 0L);
    assertThat(ledger.skipped()).as("blank lines").isBetween(0L, HistoryTask.BLANK);
    assertThat(unusable).as("lines that are no text").isBetween(0L, HistoryTask.NO_TEXT);
    long notReached = HistoryTask.BLANK + HistoryTask.NO_TEXT - ledger.skipped() - unusable;
    long succeeded = model.count(State.SUCCEEDED);
    assertThat(ledger)
        .isEqualTo(
            new LedgerView(
                HistoryTask.LINES,
                succeeded,
                model.count(State.FAILED) + unusable,
                ledger.skipped(),
                model.count(State.LEASED),
                model.count(State.WAITING),
                model.count(State.FRESH) + notReached,
                succeeded,
                true));
    assertThat(queue.state(task.id())).isEqualTo(model.taskState);
  }

  private LeaseGrant request(int server, int machine, int capacity) {
    return servers[server]
        .leases
        .lease(machines.get(machine), new LeaseRequest(capacity, "w"))
        .grant();
  }

  void lease(int server, int machine, int capacity) {
    LeaseGrant grant = request(server, machine, capacity);
    if (grant != null) {
      model.granted(machine, grant, capacity, now());
    } else if (model.taskState.equals("IN_PROGRESS")) {
      assertThat(model.count(State.FRESH)).as("lines that nobody gets").isZero();
      assertThat(task.due(now())).as("lines that are due and nobody gets").isZero();
    }
  }

  void leaseAtOnce(int capacity) {
    List<LeaseGrant> grants = atOnce(() -> request(0, 0, capacity), () -> request(1, 1, capacity));
    for (int machine = 0; machine < 2; machine++) {
      if (grants.get(machine) != null) {
        model.granted(machine, grants.get(machine), capacity, now());
      }
    }
  }

  private static <T> List<T> atOnce(Supplier<T> one, Supplier<T> other) {
    CompletableFuture<T> beside = CompletableFuture.supplyAsync(other);
    T first = one.get();
    List<T> both = new ArrayList<>();
    both.add(first);
    both.add(beside.join());
    return both;
  }

  private void withLease(int index, Consumer<Held> action) {
    if (!model.leases.isEmpty()) {
      action.accept(model.leases.get(index % model.leases.size()));
    }
  }

  private static List<LineResult> results(List<Long> lines, List<Attempt> attempts) {
    return lines.stream().map(line -> result(line, QueueStep.at(line, attempts))).toList();
  }

  private static LineResult result(long line, Attempt attempt) {
    return switch (attempt) {
      case SUCCEEDS -> LineResult.succeeded(line, line + ".bin", 1, QueueFixture.SCRIPT);
      case TIMES_OUT -> LineResult.failed(line, FailureClass.TIMEOUT, "slow", null, null);
      case IS_REFUSED -> LineResult.failed(line, FailureClass.HTTP_4xx, "no", null, null);
      case GOES_BACK -> LineResult.givenBack(line);
    };
  }

  private static SettleRequest report(Held held, List<LineResult> results, int next) {
    return new SettleRequest(held.sequence, UUID.randomUUID(), results, next);
  }

  private SettleAnswer send(int server, int machine, Held held, SettleRequest report) {
    return servers[server].leases.settle(machines.get(machine), held.id, report);
  }

  void settle(int server, int lease, List<Attempt> attempts, int next) {
    withLease(
        lease,
        held -> {
          SettleRequest report = report(held, results(held.granted, attempts), next);
          if (!held.isHeldAt(now())) {
            refused(
                () -> send(server, held.machine, held, report),
                "lease.superseded",
                "lease.expired",
                "lease.unknown");
            return;
          }
          SettleAnswer answer = send(server, held.machine, held, report);
          count(held, report, attempts, answer);
        });
  }

  private void count(Held held, SettleRequest report, List<Attempt> attempts, SettleAnswer answer) {
    model.settled(held, report, attempts, answer, now());
    if (answer.next() != null) {
      model.granted(held.machine, answer.next(), report.nextCapacity(), now());
    }
  }

  void settleTwiceAtOnce(int lease, List<Attempt> attempts, int next) {
    withLease(
        lease,
        held -> {
          if (!held.isHeldAt(now())) {
            return;
          }
          SettleRequest report = report(held, results(held.granted, attempts), next);
          List<SettleAnswer> answers =
              atOnce(
                  () -> send(0, held.machine, held, report),
                  () -> send(1, held.machine, held, report));
          SettleAnswer first = answers.get(0);
          SettleAnswer second = answers.get(1);
          if (first.next() != null && second.next() != null) {
            assertThat(first).isEqualTo(second);
          }
          assertThat(counts(first)).isEqualTo(counts(second));
          count(held, report, attempts, first.next() != null ? first : second);
        });
  }

  private static List<Integer> counts(SettleAnswer answer) {
    return List.of(answer.succeeded(), answer.retrying(), answer.failed(), answer.givenBack());
  }

  /** The answer was lost on its way: the same report comes again, maybe after a while. */
  void repeat(int server, int lease) {
    withLease(
        lease,
        held -> {
          if (held.lastReport == null) {
            return;
          }
          SettleAnswer again;
          try {
            again = send(server, held.machine, held, held.lastReport);
          } catch (NotFoundException forgotten) {
            assertThat(held.ended).isTrue();
            return;
          }
          assertThat(counts(again)).isEqualTo(counts(held.lastAnswer));
          if (held.isHeldAt(now())) {
            assertThat(again.next().lines()).extracting(LeasedLine::line).isEqualTo(held.lines);
            assertThat(again.next().sequence()).isEqualTo(held.sequence);
          } else {
            assertThat(again.next()).isNull();
          }
        });
  }

  void settleForeign(int server, int lease) {
    withLease(
        lease,
        held ->
            refused(
                () ->
                    send(
                        server,
                        1 - held.machine,
                        held,
                        report(held, results(held.lines, ALL_WELL), 0)),
                "lease.foreign",
                "lease.unknown"));
  }

  void settleWrongly(int server, int lease, Mistake mistake) {
    withLease(
        lease,
        held -> {
          if (!held.isHeldAt(now())) {
            return;
          }
          List<LineResult> results = new ArrayList<>(results(held.lines, ALL_WELL));
          LineResult last = results.remove(results.size() - 1);
          switch (mistake) {
            case LACKS_A_LINE -> {}
            case NAMES_A_LINE_TWICE -> {
              results.add(last);
              results.add(last);
            }
            case NAMES_ANOTHER_LINE -> results.add(LineResult.givenBack(last.line() + 1));
          }
          refused(
              () -> send(server, held.machine, held, report(held, results, 5)),
              "lease.result.missing",
              "lease.result.line");
        });
  }

  private static void refused(Supplier<?> call, String... codes) {
    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            BusinessException.class, refusal -> assertThat(refusal.code()).isIn((Object[]) codes));
  }

  void renew(int server, int lease, int linesDone) {
    withLease(
        lease,
        held -> {
          RenewRequest request = new RenewRequest(held.sequence, linesDone);
          Supplier<Integer> renewal =
              () ->
                  servers[server]
                      .leases
                      .renew(machines.get(held.machine), held.id, request)
                      .secondsToLive();
          if (held.isHeldAt(now())) {
            assertThat((long) renewal.get()).isEqualTo(model.renewed(held, linesDone, now()));
          } else {
            refused(renewal, "lease.superseded", "lease.expired", "lease.unknown");
          }
        });
  }

  void pass(int seconds) {
    queue.clock.advance(Duration.ofSeconds(seconds));
  }

  void expire(int server) {
    int expired = servers[server].expiry.reclaimExpired();
    assertThat(expired).isEqualTo(model.expired(now()));
  }

  void close(int server) {
    servers[server].segments.closeSettled();
    LedgerView ledger = queue.ledger.ledger(task.id());
    if (model.taskState.equals("IN_PROGRESS")
        && ledger.settled() == ledger.lines()
        && !model.hasRequests()) {
      model.taskState = "COMPLETED";
      task.checkManifest(model);
    }
  }

  void askForRetry(int server, List<FailureClass> classes, List<Long> lines) {
    RetryRequest request = new RetryRequest(classes, lines, null);
    Supplier<Long> ask = () -> servers[server].retries.retry("user1", task.id(), request).lines();
    if (!List.of("IN_PROGRESS", "COMPLETED").contains(model.taskState)) {
      refused(ask, "task.retry.refused");
      return;
    }
    long taken = model.asks(request, now());
    if (taken == 0) {
      refused(ask, "retry.none");
    } else {
      assertThat(ask.get()).isEqualTo(taken);
    }
  }

  void carryOutRetries(int server) {
    servers[server].retries.proceed();
    model.carriedOut();
  }

  void change(String from, String to) {
    if (model.taskState.equals(from)) {
      queue.become(task.id(), to);
      model.taskState = to;
    }
  }

  void prioritise(int priority) {
    task.prioritise(priority);
  }

  /** The process is gone with everything in its memory, and another one starts. */
  void restart(int server) {
    servers[server].close();
    servers[server] = queue.start(QueueFixture.TRUSTING);
  }

  /** Whatever has happened: where nobody cancelled it, good workers bring the task to its end. */
  void finish() {
    if (model.taskState.equals("CANCELLED")) {
      return;
    }
    change("PAUSED", "IN_PROGRESS");
    carryOutRetries(0);
    check();
    for (int round = 0; round < 4 && !model.taskState.equals("COMPLETED"); round++) {
      pass(3_600);
      expire(round % 2);
      workOff(round % 2);
      close(1 - round % 2);
      check();
    }
    assertThat(model.taskState).as("with workers that do all they get").isEqualTo("COMPLETED");
  }

  private void workOff(int server) {
    LeaseGrant grant = request(server, 0, MANY);
    while (grant != null) {
      Held held = model.granted(0, grant, MANY, now());
      SettleRequest report = report(held, results(held.lines, ALL_WELL), MANY);
      SettleAnswer answer = send(server, 0, held, report);
      model.settled(held, report, ALL_WELL, answer, now());
      grant = answer.next();
    }
  }

  @Override
  public void close() {
    servers[0].close();
    servers[1].close();
    task.delete();
  }
}
