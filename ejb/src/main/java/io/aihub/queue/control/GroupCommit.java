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
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

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

  /** Orders that wait for the next transaction; not those of the present one. */
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

  /** Carries out a group and hands the lead on; the answer to the leader's own order. */
  private Object lead(Turn mine) {
    List<Turn> group = List.of();
    List<Object> answers = null;
    Object own = null;
    try {
      gather();
      group = next();
      answers = carryOut(group.stream().map(turn -> turn.order).toList());
      for (int i = 0; i < answers.size(); i++) {
        if (group.get(i) == mine) {
          own = answers.get(i);
        } else {
          group.get(i).answer.complete(answers.get(i));
        }
      }
      return own;
    } finally {
      if (answers == null) { // an Error: nobody may be left waiting
        group.forEach(
            turn -> turn.answer.complete(new UnavailableException("database.unavailable")));
      }
      handOn(group.size());
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

  /** Takes what waits; of several orders for one lease the first alone. */
  private List<Turn> next() {
    List<Turn> group = new ArrayList<>();
    Set<UUID> leases = new HashSet<>();
    synchronized (waiting) {
      Iterator<Turn> turns = waiting.iterator();
      while (turns.hasNext() && group.size() < GROUP) {
        Turn turn = turns.next();
        if (leases.add(turn.order.leaseId())) {
          group.add(turn);
          turns.remove();
        }
      }
    }
    return group;
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

  /** One answer for each order. */
  private List<Object> carryOut(List<LeaseOrder> orders) {
    try {
      LeaseBatch.Done done = transactions.call(() -> batch.run(orders));
      done.wanted().forEach(segment -> texts.readAhead(segment, pool));
      return done.answers();
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
}
