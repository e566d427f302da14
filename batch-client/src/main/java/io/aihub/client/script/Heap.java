package io.aihub.client.script;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * How full the heap's old part is. What is in use for certain is known after a collection of all of
 * it; in between, what young collections move there says what may be.
 */
final class Heap implements AutoCloseable {

  /** At this share contexts are started anew at each line. */
  private static final double FULL = 0.92;

  /** At this share a script that goes on takes the process down before it could be stopped. */
  private static final double NEARLY_FULL = 0.85;

  /** At this share contexts that have grown are started anew. */
  private static final double TIGHT = 0.75;

  /** What has to come to the old part before it is worth a collection to know how much stays. */
  private static final double WORTH_KNOWING = 0.1;

  private final MemoryPoolMXBean old =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .filter(pool -> pool.getCollectionUsage() != null)
          .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()))
          .orElseThrow();

  private final List<NotificationEmitter> collectors =
      ManagementFactory.getGarbageCollectorMXBeans().stream().map(Heap::emitter).toList();

  private final NotificationListener listener;

  /**
   * @param onCollection called after each collection, the young ones too, by the thread that tells
   *     of them all: it must not wait
   */
  Heap(Runnable onCollection) {
    listener = (collection, unused) -> onCollection.run();
    collectors.forEach(collector -> collector.addNotificationListener(listener, null, null));
  }

  private static NotificationEmitter emitter(GarbageCollectorMXBean collector) {
    return (NotificationEmitter) collector;
  }

  boolean isFull() {
    return certain() > FULL;
  }

  boolean isNearlyFull() {
    return certain() > NEARLY_FULL;
  }

  boolean isTight() {
    return certain() > TIGHT;
  }

  /** Whether it may be nearly full, and only a collection tells. */
  boolean isFilling() {
    double now = share(old.getUsage());
    return now > NEARLY_FULL && now - certain() > WORTH_KNOWING;
  }

  /**
   * How many bytes may yet come to the old part before it is nearly full. Finds out for certain
   * where fewer than those wanted seem to.
   */
  long room(long wanted) {
    long seeming = room();
    if (seeming >= wanted) {
      return seeming;
    }
    collect();
    return room();
  }

  private long room() {
    MemoryUsage now = old.getUsage();
    return (long) (NEARLY_FULL * now.getMax()) - now.getUsed();
  }

  /** Finds out what is in use for certain. No script goes on meanwhile, for no thread does. */
  void collect() {
    System.gc();
  }

  private double certain() {
    return share(old.getCollectionUsage());
  }

  private static double share(MemoryUsage usage) {
    return usage.getMax() <= 0 ? 0 : (double) usage.getUsed() / usage.getMax();
  }

  @Override
  public void close() {
    for (NotificationEmitter collector : collectors) {
      try {
        collector.removeNotificationListener(listener);
      } catch (ListenerNotFoundException closedBefore) {
        // nothing to do: that is what was wanted
      }
    }
  }
}
