package io.aihub.client.script;

import io.aihub.client.wire.WireSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final Duration STOP_WITHIN = Duration.ofMillis(1500);

  private static final long LEFT_THREADS_WITHIN_MILLIS = 100;

  /** A started context; see {@link ScriptRuntime}. */
  record Parts(
      Context context,
      Value call,
      WireSession wire,
      ScriptFileSystem files,
      OutputTail output,
      Path temporary) {}

  private final Executor stoppers;
  private final Consumer<Thread> onStuck;
  private final ThreadGroup group;
  private final ExecutorService thread;
  private volatile Thread itself;
  private volatile Parts parts;
  private volatile CompletableFuture<Answer> running;
  private boolean closing;

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

  /** Its requests; null where they go through Python's own sockets. */
  WireSession wire() {
    return parts.wire();
  }

  /** The thread that {@code download} is called on. */
  Thread mainThread() {
    return itself;
  }

  /** Threads that scripts have started and that are alive, at most {@code room} of them. */
  Thread[] scriptThreads(int room) {
    ThreadGroup[] inside = new ThreadGroup[4]; // GraalPy makes one a context
    int groups = group.enumerate(inside, false);
    Thread[] found = new Thread[room];
    int count = 0;
    for (int i = 0; i < groups && count < room; i++) {
      Thread[] some = new Thread[room - count];
      int n = inside[i].enumerate(some, true);
      System.arraycopy(some, 0, found, count, n);
      count += n;
    }
    return java.util.Arrays.copyOf(found, count);
  }

  /**
   * Calls a script's {@code download}.
   *
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
            answer.complete(
                Answer.of(
                    parts
                        .call()
                        .execute(
                            script.fileName(),
                            script.source(),
                            script.packages() == null ? null : script.packages().toString(),
                            line,
                            folder.toString())));
          } catch (PolyglotException | IllegalStateException ended) {
            answer.completeExceptionally(ended);
          } catch (Throwable broken) { // whatever it is, somebody waits for the answer
            answer.completeExceptionally(broken);
          }
        });
    return answer;
  }

  /** Whether threads that a script has started are still there a moment after its call. */
  boolean hasThreadsLeft() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEFT_THREADS_WITHIN_MILLIS);
    for (Thread left : scriptThreads(1000)) {
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
   * call that ran is given up, and its thread left to itself.
   */
  void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
    if (parts.wire() != null) {
      parts.wire().close(); // Java's sockets don't hear of an interrupt
    }
    CompletableFuture<Void> closed = CompletableFuture.runAsync(this::closeContext, stoppers);
    boolean ended = isDone(closed, deadline);
    CompletableFuture<Answer> call = running;
    if (call != null && !isDone(call, deadline)) {
      call.completeExceptionally(new TimeoutException());
    }
    thread.shutdown();
    if (!ended && itself.isAlive()) {
      onStuck.accept(itself);
    }
  }

  @SuppressWarnings("removal") // of destroy: as above
  private void closeContext() {
    try {
      parts.context().close(true);
    } catch (PolyglotException | IllegalStateException late) {
      LOG.log(Level.FINE, "a context did not close cleanly", late);
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
