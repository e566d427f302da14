package io.aihub.queue.control;

import io.aihub.shared.BusinessException;
import io.aihub.shared.UnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Carries out orders that come at the same moment in one transaction, for the price of a commit is
 * the same for one as for a hundred. The first caller leads: it carries out whatever waits, its own
 * order among it; those that come meanwhile wait, and the first of them leads the next group. No
 * thread of its own is needed.
 *
 * <p>Workers that are answered come back with their next report, so a leader waits a moment for
 * about as many as there were of late, like PostgreSQL's {@code commit_delay}: larger groups cost
 * less. A lone caller waits for nobody.
 */
@ApplicationScoped
public class GroupCommit {

  private static final int GROUP = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long GATHER_NANOS = 800_000;
  private static final long GATHER_STEP_NANOS = 20_000;

  private final LeaseBatch batch;
  private final Transactions transactions;
  private final SegmentTexts texts;
  private final WorkPool pool;

  private final Deque<Turn> waiting = new ArrayDeque<>();
  private boolean led; // guarded by waiting
  private int callers = 1; // guarded by waiting: of the last group, and who came meanwhile

  protected GroupCommit() { // for the CDI proxy
    this(null, null, null, null);
  }

  @Inject
  public GroupCommit(
      LeaseBatch batch, Transactions transactions, SegmentTexts texts, WorkPool pool) {
    this.batch = batch;
    this.transactions = transactions;
    this.texts = texts;
    this.pool = pool;
  }

  /** A caller that waits for its answer, or for the lead. */
  private static final class Turn {

    final LeaseOrder order;
    final CompletableFuture<Object> answer = new CompletableFuture<>();

    Turn(LeaseOrder order) {
      this.order = order;
    }
  }

  /** What a waiting caller is told when it is its turn to lead. */
  private static final Object LEAD = new Object();

  /**
   * Carries out an order; returns once it is committed.
   *
   * @throws BusinessException where the order is refused; nothing of it was done
   * @throws UnavailableException where the database doesn't answer; whether the order was carried
   *     out is not known
   */
  public LeaseResult submit(LeaseOrder order) {
    Turn mine = new Turn(order);
    boolean lead;
    synchronized (waiting) {
      waiting.add(mine);
      lead = !led;
      led = true;
    }
    Object answer = lead ? LEAD : await(mine);
    if (answer == LEAD) {
      answer = lead(mine);
    }
    if (answer instanceof RuntimeException refusal) {
      throw refusal;
    }
    return (LeaseResult) answer;
  }

  /** Orders that no transaction has taken yet. */
  public int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  private Object await(Turn mine) {
    try {
      return mine.answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | InterruptedException impatient) {
      if (impatient instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      synchronized (waiting) {
        if (mine.answer.isDone()) {
          return mine.answer.join(); // it may be the lead, which must not get lost
        }
        waiting.remove(mine);
      }
      throw new UnavailableException("database.unavailable");
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /** The turns that share a transaction. */
  private static final class Group {

    List<Turn> turns = List.of();

    List<LeaseOrder> orders() {
      return turns.stream().map(turn -> turn.order).toList();
    }
  }

  /** Carries out a group and hands the lead on; the answer to the leader's own order. */
  private Object lead(Turn mine) {
    Group group = new Group();
    List<Object> answers = null;
    Object own = null;
    try {
      answers = carryOut(group);
    } finally {
      handOn(group.turns.size()); // first: the next trip goes while these answers are sent
      for (int i = 0; i < group.turns.size(); i++) {
        Object answer =
            answers == null // an Error: nobody may be left waiting
                ? new UnavailableException("database.unavailable")
                : answers.get(i);
        if (group.turns.get(i) == mine) {
          own = answer;
        } else {
          group.turns.get(i).answer.complete(answer);
        }
      }
    }
    return own;
  }

  /** One answer for each turn of the group, which gets its members on the way. */
  private List<Object> carryOut(Group group) {
    try {
      return answers(transactions.call(() -> tryAtOnce(group)));
    } catch (UnavailableException outage) {
      complete(group);
      return group.turns.stream().<Object>map(turn -> outage).toList();
    } catch (RuntimeException overtaken) {
      // or refused by a constraint, as two reports on one lease are: what is wrong shows now
      complete(group);
      return carryOut(group.orders());
    }
  }

  /** Makes the first trip to the database while the others of the group are still on their way. */
  private LeaseBatch.Done tryAtOnce(Group group) {
    List<LeaseOrder> first = choose(order -> true).orders();
    boolean early = batch.isForeseeable(first);
    if (!early) {
      gather();
      first = choose(order -> true).orders();
    }
    LeaseBatch.Begun begun = batch.begin(first, true);
    if (early) {
      gather();
    }
    take(group, begun::admits);
    return begun.finish(group.orders());
  }

  /** Where it came to nothing before anybody was chosen. */
  private void complete(Group group) {
    if (group.turns.isEmpty()) {
      take(group, order -> true);
    }
  }

  /** Most of those who were here a moment ago will do: some may have gone. */
  private void gather() {
    int expected;
    synchronized (waiting) {
      expected = Math.min(GROUP, callers - callers / 8);
    }
    long end = System.nanoTime() + GATHER_NANOS;
    while (waiting() < expected && System.nanoTime() < end) {
      LockSupport.parkNanos(GATHER_STEP_NANOS);
    }
  }

  /** Of those who wait; of several orders for one lease the first alone. */
  private Group choose(Predicate<LeaseOrder> admitted) {
    Group group = new Group();
    Set<UUID> leases = new HashSet<>();
    synchronized (waiting) {
      group.turns =
          waiting.stream()
              .filter(turn -> admitted.test(turn.order) && leases.add(turn.order.leaseId()))
              .limit(GROUP)
              .toList();
    }
    return group;
  }

  private void take(Group group, Predicate<LeaseOrder> admitted) {
    synchronized (waiting) {
      group.turns = choose(admitted).turns;
      waiting.removeAll(group.turns);
    }
  }

  private void handOn(int done) {
    synchronized (waiting) {
      callers = done + waiting.size();
      Turn first = waiting.peek();
      if (first == null) {
        led = false;
      } else {
        first.answer.complete(LEAD);
      }
    }
  }

  /** One answer for each order, by what the database says alone. */
  private List<Object> carryOut(List<LeaseOrder> orders) {
    try {
      return answers(transactions.call(() -> batch.begin(orders, false).finish(orders)));
    } catch (UnavailableException outage) {
      return orders.stream().<Object>map(order -> outage).toList();
    } catch (RuntimeException failure) {
      if (orders.size() == 1) {
        return List.of(failure);
      }
      // one of them spoils the transaction of all: each in its own
      List<Object> answers = new ArrayList<>();
      orders.forEach(order -> answers.addAll(carryOut(List.of(order))));
      return answers;
    }
  }

  private List<Object> answers(LeaseBatch.Done done) {
    done.wanted().forEach(segment -> texts.readAhead(segment, pool));
    return done.answers();
  }
}
