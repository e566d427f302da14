package io.aihub.client.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this process holds: memory that is in use for certain, threads, and what is open by kind.
 *
 * @param heap bytes of live objects, after full collections
 * @param resident bytes of memory that the process has (RSS)
 * @param threads without those of pools that end by themselves after an idle minute
 * @param files open ones, without the archives that classes come from
 * @param pipes ends of pipes that are open
 * @param sockets open ones
 * @param left files and folders below the workers' folders, without their temporary ones
 */
record ProcessState(
    long heap, long resident, int threads, int files, int pipes, int sockets, int left) {

  /** Idle threads end after a minute; whether one has is chance. */
  private static final String IDLE_POOL = "script-stop";

  /**
   * Looks; no script may run.
   *
   * @param work folder that the workers' folders are in
   */
  static ProcessState now(Path work) {
    for (int i = 0; i < 3; i++) { // what has a cleaner is free only after the next one
      System.gc();
    }
    Runtime memory = Runtime.getRuntime();
    long live = memory.totalMemory() - memory.freeMemory();
    return new ProcessState(
        live,
        residentBytes(),
        (int)
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith(IDLE_POOL))
                .count(),
        open("/(?!.*\\.jar$|.*/lib/modules$|dev/).*"),
        open("pipe:.*"),
        open("socket:.*"),
        leftBelow(work));
  }

  /** Whether no more is open, alive or left than in another state; of memory it says nothing. */
  boolean isCleanAfter(ProcessState before) {
    return threads <= before.threads && handlesSince(before) <= 0 && left <= before.left;
  }

  /** How many more files, pipes and sockets are open: of each kind by itself. */
  int handlesSince(ProcessState before) {
    return Math.max(0, files - before.files)
        + Math.max(0, pipes - before.pipes)
        + Math.max(0, sockets - before.sockets);
  }

  private static int open(String pattern) {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.filter(link -> target(link).matches(pattern)).count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static int leftBelow(Path work) {
    try (Stream<Path> all = Files.walk(work, 3)) {
      return (int)
          all.filter(path -> work.relativize(path).getNameCount() > 1)
              .filter(path -> !path.endsWith("tmp"))
              .count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static long residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "live heap %.1f MB, RSS %.0f MB, %d threads, %d files, %d pipes, %d sockets open, %d left",
        heap / 1e6,
        resident / 1e6,
        threads,
        files,
        pipes,
        sockets,
        left);
  }
}
