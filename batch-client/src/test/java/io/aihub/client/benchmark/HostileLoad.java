package io.aihub.client.benchmark;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.Script;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptLimits;
import io.aihub.client.script.ScriptOutcome;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.script.ScriptRuntime;
import io.aihub.client.script.TestScripts;
import io.aihub.client.wire.NetworkRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Calls hostile scripts, one after the other in each of its workers, and looks at what they leave
 * in the process: the benchmark {@code hostile}, and a short version of it as a test. Its last line
 * of output holds what it found, {@code name=figure ...}; its exit status is 0 only where nothing
 * was left, every call ended as it had to, and memory is flat.
 */
public final class HostileLoad {

  private static final ScriptLimits LIMITS =
      new ScriptLimits(Duration.ofSeconds(4), 1 << 20, 50, 100, 16, 10_000);

  private static final Duration TIME_LIMIT = Duration.ofMillis(600);
  private static final Duration NO_LIMIT = Duration.ofMinutes(2);
  private static final Duration TO_SETTLE = Duration.ofSeconds(20);
  private static final int TROUBLES_TOLD = 20;

  /** Compiled code and profiles of methods that were called for the first time. */
  private static final long HEAP_GROWTH = 24 << 20;

  /** Most of it the heap's, which takes up to its maximum, whatever is in it. */
  private static final long RESIDENT_GROWTH = 256 << 20;

  private final HostileMix mix;
  private final Script script = TestScripts.hostile();
  private final Path work;
  private final List<Path> roots = new ArrayList<>();
  private final List<ScriptContext> contexts = new ArrayList<>();
  private final AtomicInteger called = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger unbegun = new AtomicInteger();
  private final HostileCosts costs = new HostileCosts();
  private double longestKill;

  private HostileLoad(ScriptRuntime runtime, Path work, int workers, HostileMix mix)
      throws IOException {
    this.work = work;
    this.mix = mix;
    for (int i = 0; i < workers; i++) {
      roots.add(Files.createDirectories(work.resolve("worker-" + i)));
      contexts.add(runtime.newContext(roots.get(i)));
    }
  }

  /**
   * Arguments: home of the runtime, folder for outputs, number of workers, how often cheap calls
   * come (see {@link HostileMix}), number of calls before anything counts, of calls, and of calls
   * until it looks again.
   */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[1]);
    int[] numbers = Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray();
    Trees.delete(work);
    ScriptRuntime runtime =
        new ScriptRuntime(Path.of(arguments[0]), true, LIMITS, NetworkRules.none());
    HostileLoad load = new HostileLoad(runtime, work, numbers[0], new HostileMix(numbers[1]));
    boolean sound = load.run(numbers[2], numbers[3], numbers[4]);
    Trees.delete(work);
    System.out.flush();
    Runtime.getRuntime().halt(sound ? 0 : 1);
  }

  private boolean run(int before, int calls, int every) throws InterruptedException {
    call(before);
    ProcessState first = ProcessState.now(work);
    System.out.printf("after %d calls: %s%n", before, first);
    called.set(0);
    ProcessState last = first;
    for (int done = 0; done < calls; ) {
      done = Math.min(done + every, calls);
      call(done);
      last = settledAfter(first);
      System.out.printf("after %d more: %s%n", done, last);
    }
    costs.lines().forEach(System.out::println);
    long heap = last.heap() - first.heap();
    long resident = last.resident() - first.resident();
    System.out.printf(
        Locale.ROOT,
        "calls=%d heap_growth_mb=%.1f rss_growth_mb=%.1f threads_left=%d handles_left=%d"
            + " folders_left=%d longest_kill_s=%.2f wrong=%d too_late_to_begin=%d%n",
        calls,
        heap / 1e6,
        resident / 1e6,
        Math.max(0, last.threads() - first.threads()),
        last.handlesSince(first),
        last.left(),
        longestKill,
        wrong.get(),
        unbegun.get());
    return wrong.get() == 0
        && last.isCleanAfter(first)
        && heap < HEAP_GROWTH
        && resident < RESIDENT_GROWTH;
  }

  /** Has all workers call, until there were so many calls in all; then ends their contexts. */
  private void call(int until) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < contexts.size(); i++) {
      int worker = i;
      threads.add(new Thread(() -> work(worker, until)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    contexts.forEach(ScriptContext::close);
  }

  private void work(int worker, int until) {
    for (int n = next(until); n >= 0; n = next(until)) {
      call(worker, mix.name(n), n);
    }
  }

  /** The number of the next call; negative where there were enough. */
  private int next(int until) {
    int number = called.getAndUpdate(n -> n < until ? n + 1 : n);
    return number < until ? number : -1;
  }

  private void call(int worker, String name, int number) {
    try {
      Path folder = Files.createDirectory(roots.get(worker).resolve(Integer.toString(number)));
      ScriptContext context = contexts.get(worker);
      Instant starting = Instant.now();
      context.prepare();
      Instant begun = Instant.now();
      costs.add("a context's start", Duration.between(starting, begun));
      ScriptOutcome outcome =
          context.download(script, name, folder, isEndless(name) ? TIME_LIMIT : NO_LIMIT);
      Instant end = Instant.now();
      costs.add(name, Duration.between(begun, end));
      Trees.delete(folder);
      judge(name, outcome, begun, end);
      try (Stream<Path> left = Files.list(roots.get(worker).resolve("tmp"))) {
        left.forEach(path -> complain(name, "left " + path));
      }
    } catch (IOException | RuntimeException broken) {
      complain(name, broken);
    }
  }

  private void judge(String name, ScriptOutcome outcome, Instant begun, Instant end) {
    String expected = name.substring(0, name.indexOf('_')).toUpperCase(Locale.ROOT);
    if (outcome instanceof Produced produced) {
      if (!expected.equals("FILE") || !produced.path().equals("file")) {
        complain(name, outcome);
      }
    } else if (!(outcome instanceof Failed failed)
        || !failed.failureClass().name().replace("RETURNED_", "").equals(expected)) {
      complain(name, outcome);
    } else if (isEndless(name)) {
      if (failed.output() == null || !failed.output().contains("begun")) {
        unbegun.incrementAndGet();
      }
      killed(name, begun.plus(TIME_LIMIT), end);
    } else if (failed.message().contains("and was stopped")) {
      TestScripts.timeOfLimit(failed.output())
          .ifPresentOrElse(limit -> killed(name, limit, end), unbegun::incrementAndGet);
    }
  }

  /** The others come to other limits, or end by themselves. */
  private static boolean isEndless(String name) {
    return name.startsWith("timeout_") && !name.equals("timeout_of_cpu");
  }

  private synchronized void killed(String name, Instant limit, Instant end) {
    double seconds = Duration.between(limit, end).toMillis() / 1000.0;
    if (seconds > longestKill) {
      longestKill = seconds;
      System.out.printf(Locale.ROOT, "%s: free %.2f s after its limit%n", name, seconds);
    }
  }

  private void complain(String name, Object what) {
    if (wrong.incrementAndGet() <= TROUBLES_TOLD) {
      System.out.println(name + ": " + what);
    }
  }

  /** Waits until no more threads and handles are left than there were; not for ever. */
  private ProcessState settledAfter(ProcessState before) throws InterruptedException {
    Instant deadline = Instant.now().plus(TO_SETTLE);
    ProcessState state = ProcessState.now(work);
    while (!state.isCleanAfter(before) && Instant.now().isBefore(deadline)) {
      TimeUnit.MILLISECONDS.sleep(200);
      state = ProcessState.now(work);
    }
    return state;
  }
}
