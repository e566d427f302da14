package io.aihub.client.script;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks after all calls that run: after their memory whenever the JVM has collected garbage, after
 * all else ten times a second. Thread-safe.
 */
final class Watchman implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Watchman.class.getName());

  private static final Duration PERIOD = Duration.ofMillis(100);

  /** A call that has asked for a smaller share of the heap since it began can't have filled it. */
  private static final int MEMORY_SHARES = 10;

  private final Executor stoppers;
  private final Heap heap = new Heap(this::collected);
  private final AtomicBoolean lookingAtHeap = new AtomicBoolean();
  private final Map<LineWatch, Consumer<Breach>> watched = new ConcurrentHashMap<>();
  private final Map<Thread, Long> stuck = new ConcurrentHashMap<>();

  /**
   * Begins to look.
   *
   * @param stoppers threads that may be blocked for a while
   */
  Watchman(ScheduledExecutorService clock, Executor stoppers) {
    this.stoppers = stoppers;
    var unused =
        clock.scheduleWithFixedDelay(
            this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  void watch(LineWatch call, Consumer<Breach> onBreach) {
    watched.put(call, onBreach);
  }

  void unwatch(LineWatch call) {
    watched.remove(call);
  }

  /** A thread did not end when its context was closed. */
  void stuck(Thread thread) {
    stuck.put(thread, System.nanoTime());
  }

  /** Whether such a thread is there for longer than this. */
  boolean isStuckFor(Duration patience) {
    long now = System.nanoTime();
    stuck.keySet().removeIf(thread -> !thread.isAlive());
    return stuck.values().stream().anyMatch(since -> now - since > patience.toNanos());
  }

  boolean isMemoryTight() {
    return heap.isTight();
  }

  boolean isMemoryFull() {
    return heap.isFull();
  }

  /** See {@link Heap#room}. */
  long roomInMemory(long wanted) {
    return heap.room(wanted);
  }

  private void look() {
    watched.keySet().forEach(this::look);
  }

  /** Never throws: the other calls would go unwatched, and the clock would not call again. */
  private void look(LineWatch call) {
    try {
      Breach breach = call.check();
      if (breach != null) {
        tell(call, breach);
      }
    } catch (RuntimeException broken) {
      LOG.log(Level.WARNING, "the limits of a script could not be checked for a moment", broken);
    }
  }

  /** Ten times a second would be too late: some scripts fill the heap in less. */
  private void collected() {
    if (heap.isFilling() || heap.isNearlyFull()) {
      stoppers.execute(this::lookAtHeap);
    }
  }

  private void lookAtHeap() {
    if (lookingAtHeap.compareAndSet(false, true)) {
      try {
        mostDemanding().ifPresent(this::stopIfNearlyFull);
      } finally {
        lookingAtHeap.set(false);
      }
    }
  }

  private Optional<LineWatch> mostDemanding() {
    long suspicious = Runtime.getRuntime().maxMemory() / MEMORY_SHARES;
    return watched.keySet().stream()
        .filter(call -> call.allocated() > suspicious)
        .max(Comparator.comparingLong(LineWatch::allocated));
  }

  private void stopIfNearlyFull(LineWatch call) {
    if (heap.isFilling()) {
      heap.collect();
    }
    if (heap.isNearlyFull()) {
      Consumer<Breach> onBreach = watched.remove(call);
      if (onBreach != null) {
        onBreach.accept(Breach.memory());
        heap.collect(); // else the next one would be stopped for what this one has given back
      }
    }
  }

  private void tell(LineWatch call, Breach breach) {
    Consumer<Breach> onBreach = watched.remove(call);
    if (onBreach != null) {
      stoppers.execute(() -> onBreach.accept(breach));
    }
  }

  @Override
  public void close() {
    heap.close();
  }
}
