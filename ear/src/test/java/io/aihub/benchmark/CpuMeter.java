package io.aihub.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * CPU time that processes have taken, from Linux's {@code /proc}, in milliseconds. A process whose
 * children come and go, as PostgreSQL's, counts with them.
 */
final class CpuMeter {

  private static final double MILLIS_A_TICK = 10; // USER_HZ is 100 on every Linux

  private CpuMeter() {}

  /** One process without its children. */
  static double of(long pid) {
    return of(pid, 12);
  }

  /** The process and all below it, those that have ended and been waited for included. */
  static double ofTree(long pid) {
    double own = of(pid, 14);
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return own;
    }
    try (Stream<ProcessHandle> children = process.get().children()) {
      return own + children.mapToDouble(child -> ofTree(child.pid())).sum();
    }
  }

  private static double of(long pid, int lastField) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double ticks = 0;
      for (int field = 11; field <= lastField; field++) { // utime, stime; those of ended children
        ticks += Long.parseLong(fields[field]);
      }
      return ticks * MILLIS_A_TICK;
    } catch (IOException gone) {
      return 0;
    }
  }

  /** What the whole machine has done since its start. */
  static double ofMachine() {
    try {
      String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +", -1);
      double ticks = 0;
      for (int field : new int[] {1, 2, 3, 6, 7}) { // user, nice, system, irq, softirq
        ticks += Long.parseLong(fields[field]);
      }
      return ticks * MILLIS_A_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
