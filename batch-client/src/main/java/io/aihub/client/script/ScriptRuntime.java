package io.aihub.client.script;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.packages.PackageSettings;
import io.aihub.client.script.packages.PackageStore;
import io.aihub.client.wire.BodyMemory;
import io.aihub.client.wire.NetworkRules;
import io.aihub.client.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * GraalPy, once a process: the engine and the libraries that all contexts share. Contexts are made
 * one after the other, because the first fills the byte-code cache that makes the rest cheap.
 */
public final class ScriptRuntime implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ScriptRuntime.class.getName());
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final Path home;
  private final Wire wire;
  private final PythonContexts contexts;
  private final ScriptLimits limits;
  private final ThreadGroup threads = new ThreadGroup("scripts");
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(daemons("script-clock"));
  private final ExecutorService stoppers = Executors.newCachedThreadPool(daemons("script-stop"));
  private final Watchman watchman;
  private volatile boolean draining;

  /**
   * Starts GraalPy with the usual limits, and every network open: for tests.
   *
   * @param home directory for libraries and caches, kept over restarts
   */
  public ScriptRuntime(Path home) throws IOException {
    this(home, true, ScriptLimits.DEFAULT, NetworkRules.none());
  }

  /**
   * Starts GraalPy.
   *
   * @param home directory for libraries and caches, kept over restarts
   * @param javaWire whether requests may go through Java's pool of connections, see {@link Wire};
   *     Python's own sockets otherwise
   * @param limits what a call may use
   * @param rules where scripts may connect to
   */
  public ScriptRuntime(Path home, boolean javaWire, ScriptLimits limits, NetworkRules rules)
      throws IOException {
    this.home = home;
    this.limits = limits;
    watchman = new Watchman(clock, stoppers);
    wire =
        javaWire
            ? new Wire(
                rules,
                new BodyMemory(Runtime.getRuntime().maxMemory(), watchman::roomInMemory),
                home)
            : null;
    contexts = new PythonContexts(home, wire, limits, rules);
    if (javaWire) {
      var unused = clock.scheduleWithFixedDelay(wire::closeIdle, 10, 10, TimeUnit.SECONDS);
    }
  }

  /**
   * A place for one worker's scripts; GraalPy is started in it at the first call.
   *
   * @param outputRoot an existing directory; scripts can read and write below it and nowhere else
   */
  public ScriptContext newContext(Path outputRoot) {
    return new ScriptContext(this, outputRoot);
  }

  /**
   * A place for the packages that scripts require beside the client's own.
   *
   * @param settings how this machine gets at them
   */
  public PackageStore newPackageStore(PackageSettings settings, Clock ofUse) throws IOException {
    return new PackageStore(
        home.resolve("packages"), contexts.library(), contexts.byteCode(), settings, ofUse);
  }

  /** From now on no context is started; one that is being started is given up. */
  public void drain() {
    draining = true;
    contexts.giveUp();
  }

  boolean isDraining() {
    return draining;
  }

  ScriptLimits limits() {
    return limits;
  }

  /**
   * Whether a script holds a thread that nothing can stop, for longer than this. It may come back
   * by itself; else only the end of the process frees it.
   */
  public boolean isStuckFor(Duration patience) {
    return watchman.isStuckFor(patience);
  }

  /** Stops nothing that runs: close the contexts first. */
  @Override
  public void close() {
    Future<?> closing = stoppers.submit(contexts::close);
    try {
      closing.get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException stuck) {
      LOG.log(Level.FINE, "GraalPy did not close cleanly", stuck);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    watchman.close();
    clock.shutdownNow();
    stoppers.shutdownNow();
    if (wire != null) {
      wire.close();
    }
  }

  /** A context that is ready for scripts, and contained. Takes a second, the first one many. */
  synchronized Interpreter start(Path outputRoot, RunOptions options) {
    if (draining) {
      throw new IllegalStateException("no context is started any more");
    }
    return new Interpreter(
        threads, stoppers, watchman::stuck, () -> contexts.start(outputRoot, options));
  }

  /** What all threads of its scripts are in, or below. */
  ThreadGroup threads() {
    return threads;
  }

  /** How many of Java's connections are in use; those that only wait for a next request aren't. */
  int leasedConnections() {
    return wire == null ? 0 : wire.leased();
  }

  /** Functions that GraalPy remembers of byte code which scripts have loaded. */
  int loadedFunctions() {
    return contexts.code().loaded();
  }

  /** Places in code that GraalPy knows to call into Java. */
  int knownCalls() {
    return contexts.code().calls();
  }

  /** Deletes what a script left where tempfile puts things, but not that directory itself. */
  void emptyTemporary(Path temporary) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary)) {
      for (Path path : left) {
        Trees.delete(path);
      }
    } catch (IOException | UncheckedIOException busy) {
      LOG.log(Level.FINE, "Temporary files were left", busy);
    }
  }

  /** From now on tells once when the call goes beyond its limits. */
  void watch(LineWatch watch, Consumer<Breach> onBreach) {
    watchman.watch(watch, onBreach);
  }

  void unwatch(LineWatch watch) {
    watchman.unwatch(watch);
  }

  boolean isMemoryTight() {
    return watchman.isMemoryTight();
  }

  boolean isMemoryFull() {
    return watchman.isMemoryFull();
  }

  /** Runs something that may block. */
  void execute(Runnable action) {
    stoppers.execute(action);
  }

  /** In a group of their own: made by a script's thread, they would count as the script's. */
  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    return task -> {
      Thread thread = new Thread(group, task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
