package io.aihub.client.script;

import io.aihub.client.wire.SentLog;
import io.aihub.client.wire.WireSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * GraalPy, started once, on a thread of its own, so that whoever waits for a call can leave it
 * behind: GraalPy stops at its next safepoint, and some of Java's computations have none. All
 * threads that scripts start stand in this interpreter's group.
 */
final class Interpreter {

  private static final Logger LOG = Logger.getLogger(Interpreter.class.getName());

  /** Python frames are deep Java stacks. */
  private static final long STACK_BYTES = 4 << 20;

  /** Within the two seconds that a script gets to end in. */
  private static final Duration STOP_WITHIN = Duration.ofMillis(800);

  private static final long LEFT_THREADS_WITHIN_MILLIS = 100;

  /** GraalPy has a few threads in each context; these are their names. */
  private static final String PYTHONS_NAMES = "python-actions-";

  private static final int PYTHONS_OWN = 32;

  /** More threads than a script gets to start. */
  private static final int MANY = 10_000;

  /** A started context; see {@link ScriptRuntime}. */
  record Parts(
      Context context,
      Value load,
      Value call,
      SentLog sent,
      WireSession wire,
      ScriptFileSystem files,
      DiskQuota quota,
      PythonResources resources,
      CompiledCode code,
      OutputTail output,
      Path temporary) {}

  private final Executor stoppers;
  private final Consumer<Thread> onStuck;
  private final ThreadGroup group;
  private final ExecutorService thread;
  private volatile Thread itself;
  private volatile Parts parts;
  private volatile CompletableFuture<Answer> running;
  private boolean loaded;
  private CompletableFuture<Void> closed;
  private long stopBy;

  /**
   * Starts it.
   *
   * @param parent of its thread group
   * @param stoppers threads that may be blocked for long
   * @param onStuck gets the thread that could not be stopped, if that happens
   * @param start called on the interpreter's thread
   */
  @SuppressWarnings("removal") // of setDaemon: JDK 17 needs it, later ones do nothing
  Interpreter(
      ThreadGroup parent, Executor stoppers, Consumer<Thread> onStuck, Supplier<Parts> start) {
    this.stoppers = stoppers;
    this.onStuck = onStuck;
    group = new ThreadGroup(parent, "script");
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::made);
    thread = one;
    try {
      parts = CompletableFuture.supplyAsync(start, thread).get();
    } catch (ExecutionException broken) {
      thread.shutdown();
      throw new IllegalStateException(broken.getCause().getMessage(), broken.getCause());
    } catch (InterruptedException stopped) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while GraalPy started", stopped);
    } finally {
      group.setDaemon(
          true); // no sooner: GraalPy's would inherit it, and end with a script's threads
    }
  }

  private Thread made(Runnable work) {
    Thread made = new Thread(group, work, "script", STACK_BYTES);
    made.setDaemon(true);
    itself = made;
    return made;
  }

  OutputTail output() {
    return parts.output();
  }

  /** Its last requests, whichever way they went. */
  SentLog sent() {
    return parts.sent();
  }

  /** Its requests over Java's connections; null where they go through Python's own sockets. */
  WireSession wire() {
    return parts.wire();
  }

  /** The thread that {@code download} is called on. */
  Thread mainThread() {
    return itself;
  }

  /** Threads that scripts have started and that are alive, at most {@code room} of them. */
  Thread[] scriptThreads(int room) {
    Thread[] alive = new Thread[room + PYTHONS_OWN];
    int count = group.enumerate(alive, true);
    return Arrays.stream(alive, 0, count)
        .filter(thread -> thread != itself && !thread.getName().startsWith(PYTHONS_NAMES))
        .limit(room)
        .toArray(Thread[]::new);
  }

  /** Files, pipes and sockets that scripts have open. */
  int open() {
    return parts.quota().open() + parts.resources().pipesAndSockets();
  }

  /**
   * Calls a script's {@code download}; the first time, its module is executed before.
   *
   * @param script the same at every call
   * @param onBreach told where it reaches a limit of the disk
   * @return what it answered; fails with what GraalPy threw, or with a {@link TimeoutException}
   *     where it was stopped and didn't end
   */
  CompletableFuture<Answer> call(Script script, String line, Path folder, Consumer<Breach> onBreach)
      throws IOException {
    parts.files().enter(folder, script.packages(), onBreach);
    parts.output().clear();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    running = answer;
    thread.execute(
        () -> {
          try {
            answer.complete(answer(script, line, folder.toString()));
          } catch (PolyglotException | IllegalStateException ended) {
            answer.completeExceptionally(ended);
          } catch (Throwable broken) { // whatever it is, somebody waits for the answer
            answer.completeExceptionally(broken);
          }
        });
    return answer;
  }

  private Answer answer(Script script, String line, String folder) {
    if (!loaded) {
      String packages = script.packages() == null ? null : script.packages().toString();
      Answer said =
          Answer.of(parts.load().execute(script.fileName(), script.source(), packages, folder));
      parts.quota().keepOpen();
      if (said.kind() != Answer.Kind.LOADED) {
        return said;
      }
      loaded = true;
    }
    return Answer.of(parts.call().execute(line, folder));
  }

  /** A call is over: closes its files. Whether the next one finds all as it was. */
  boolean leave() {
    parts.quota().end();
    return parts.resources().hasItsOutput() && !hasThreadsLeft();
  }

  /** Whether threads that a script has started are still there a moment after its call. */
  private boolean hasThreadsLeft() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEFT_THREADS_WITHIN_MILLIS);
    for (Thread left : scriptThreads(MANY)) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        left.join(Math.max(1, millis));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return true;
      }
      if (left.isAlive()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Ends it, whatever runs, and returns when it has ended or {@link #STOP_WITHIN} is over; then the
   * call that ran is given up, and its threads left to themselves.
   */
  void close() {
    synchronized (this) {
      if (closed == null) {
        stopBy = System.nanoTime() + STOP_WITHIN.toNanos();
        closed = CompletableFuture.runAsync(this::closeContext, stoppers);
      }
    }
    boolean ended = isDone(closed, stopBy);
    CompletableFuture<Answer> call = running;
    if (call != null && !isDone(call, stopBy)) {
      call.completeExceptionally(new TimeoutException());
    }
    thread.shutdown();
    if (!ended) {
      Stream.concat(Stream.of(itself), Arrays.stream(scriptThreads(MANY)))
          .filter(Thread::isAlive)
          .forEach(onStuck);
    }
  }

  @SuppressWarnings("removal") // of destroy: as above
  private void closeContext() {
    if (parts.wire() != null) {
      parts.wire().close(); // Java's sockets don't hear of an interrupt
    }
    try {
      parts.context().close(true);
    } catch (PolyglotException | IllegalStateException late) {
      LOG.log(Level.FINE, "a context did not close cleanly", late);
    }
    parts.quota().closeAll();
    parts.resources().close();
    parts.code().forget();
    for (Thread left : scriptThreads(MANY)) {
      left.interrupt(); // an alarm that was set, for one, sleeps on
    }
    ThreadGroup[] inside = new ThreadGroup[4];
    for (int i = 0, groups = group.enumerate(inside, false); i < groups; i++) {
      inside[i].setDaemon(true); // ends with its last thread, where one is left
      try {
        inside[i].destroy();
      } catch (IllegalThreadStateException stillInUse) {
        LOG.log(Level.FINE, "a thread of a script outlives its context", stillInUse);
      }
    }
    thread.shutdown();
  }

  private static boolean isDone(CompletableFuture<?> future, long deadline) {
    try {
      future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | java.util.concurrent.CancellationException failed) {
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  Path temporary() {
    return parts.temporary();
  }
}
