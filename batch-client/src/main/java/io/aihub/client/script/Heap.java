package io.aihub.client.script;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;

/** How full the heap's old part was after its last collection: what is in use for certain. */
final class Heap {

  /** At this share a script that goes on takes the process down. */
  private static final double FULL = 0.92;

  /** At this share contexts that have grown are started anew. */
  private static final double TIGHT = 0.75;

  private final MemoryPoolMXBean old =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .filter(pool -> pool.getCollectionUsage() != null)
          .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()))
          .orElseThrow();

  boolean isFull() {
    return share() > FULL;
  }

  boolean isTight() {
    return share() > TIGHT;
  }

  private double share() {
    MemoryUsage after = old.getCollectionUsage();
    return after.getMax() <= 0 ? 0 : (double) after.getUsed() / after.getMax();
  }
}
