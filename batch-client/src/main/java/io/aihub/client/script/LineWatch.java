package io.aihub.client.script;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Measures a call that runs against its limits. */
final class LineWatch {

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Interpreter python;
  private final ScriptLimits limits;
  private final Duration wall;
  private final long begun = System.nanoTime();
  private final long cpuBefore;
  private final long allocatedBefore;

  /** CPU of the threads that the script started, the ended ones too, by their numbers. */
  private final Map<Long, Long> cpuOfThreads = new HashMap<>();

  /** Begins to measure. */
  LineWatch(Interpreter python, ScriptLimits limits, Duration wall) {
    this.python = python;
    this.limits = limits;
    this.wall = wall;
    long main = python.mainThread().getId();
    this.cpuBefore = THREADS.getThreadCpuTime(main);
    this.allocatedBefore = THREADS.getThreadAllocatedBytes(main);
  }

  Duration wall() {
    return wall;
  }

  /** What the call has gone beyond; null where it is within its limits. */
  synchronized Breach check() {
    if (System.nanoTime() - begun > wall.toNanos()) {
      return Breach.wall(wall);
    }
    Thread[] threads = python.scriptThreads(limits.threads() + 1);
    if (threads.length > limits.threads()) {
      return Breach.threads(limits.threads());
    }
    if (python.open() > limits.open()) {
      return Breach.open(limits.open());
    }
    long cpu = THREADS.getThreadCpuTime(python.mainThread().getId()) - cpuBefore;
    for (Thread thread : threads) {
      long used = THREADS.getThreadCpuTime(thread.getId());
      if (used > 0) {
        cpuOfThreads.put(thread.getId(), used);
      }
    }
    for (long used : cpuOfThreads.values()) {
      cpu += used;
    }
    return cpu > limits.cpu().toNanos() ? Breach.cpu(limits.cpu()) : null;
  }

  /** Bytes of memory that the call has asked for so far, given back or not. */
  synchronized long allocated() {
    long bytes = THREADS.getThreadAllocatedBytes(python.mainThread().getId()) - allocatedBefore;
    for (Thread thread : python.scriptThreads(limits.threads() + 1)) {
      bytes += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getId()));
    }
    return bytes;
  }
}
