package io.aihub.client.script;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.packages.PackageSettings;
import io.aihub.client.script.packages.PackageStore;
import io.aihub.client.wire.HostGate;
import io.aihub.client.wire.NetworkRules;
import io.aihub.client.wire.Wire;
import io.aihub.client.wire.WireSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/**
 * GraalPy, once a process: the engine and the libraries that all contexts share. Contexts are made
 * one after the other, because the first fills the byte-code cache that makes the rest cheap.
 */
public final class ScriptRuntime implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ScriptRuntime.class.getName());
  private static final String TEMPORARY = "tmp";
  private static final int OUTPUT_BYTES = 64 * 1024;
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final Path home;
  private final Path resources;
  private final Path byteCode;
  private final Path library;
  private final Engine engine;
  private final Source bootstrap;
  private final Source wirePy;
  private final Source socketsPy;
  private final NetworkRules rules;
  private final Wire wire;
  private final ScriptLimits limits;
  private final ThreadGroup threads = new ThreadGroup("scripts");
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(daemons("script-clock"));
  private final ExecutorService stoppers = Executors.newCachedThreadPool(daemons("script-stop"));
  private final Watchman watchman;
  private volatile boolean draining;
  private volatile Context starting;
  private volatile CompiledCode code;

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
    this.wire = javaWire ? new Wire(rules) : null;
    this.rules = rules;
    this.limits = limits;
    // both are read when GraalPy's classes are loaded, so they can't be options of the engine
    setIfAbsent("polyglot.engine.userResourceCache", home.resolve("graalpy").toString());
    setIfAbsent("polyglotimpl.AttachLibraryFailureAction", "ignore");
    resources =
        Files.createDirectories(Path.of(System.getProperty("polyglot.engine.userResourceCache")))
            .toRealPath();
    byteCode = Files.createDirectories(home.resolve("byte-code")).toRealPath();
    library = ScriptLibrary.unpack(home).toRealPath();
    ShippedByteCode.unpack(byteCode, resources, library);
    engine =
        Engine.newBuilder("python")
            .allowExperimentalOptions(true)
            .option("engine.WarnInterpreterOnly", "false")
            // else a script that traces makes GraalPy look, for all contexts, for what it can't
            // read
            .option("python.KeepBytecodeInMemory", "true")
            .build();
    bootstrap = source("bootstrap.py");
    wirePy = source("wire.py");
    socketsPy = source("sockets.py");
    watchman = new Watchman(clock, stoppers);
    if (javaWire) {
      var unused = clock.scheduleWithFixedDelay(wire::closeIdle, 10, 10, TimeUnit.SECONDS);
    }
  }

  private static Source source(String name) throws IOException {
    try (InputStream text = ScriptRuntime.class.getResourceAsStream(name)) {
      return Source.newBuilder(
              "python", new String(text.readAllBytes(), StandardCharsets.UTF_8), name)
          .build();
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
    return new PackageStore(home.resolve("packages"), library, byteCode, settings, ofUse);
  }

  /** From now on no context is started; one that is being started is given up. */
  public void drain() {
    draining = true;
    Context unfinished = starting;
    if (unfinished != null) {
      unfinished.close(true);
    }
  }

  boolean isDraining() {
    return draining;
  }

  ScriptLimits limits() {
    return limits;
  }

  /**
   * Whether a script holds a thread that nothing can stop, for a minute and more. Only the end of
   * the process frees it.
   */
  public boolean isStuck() {
    return watchman.isStuck();
  }

  /** Stops nothing that runs: close the contexts first. */
  @Override
  public void close() {
    Future<?> closing = stoppers.submit(() -> engine.close(true));
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
    return new Interpreter(threads, stoppers, watchman::stuck, () -> parts(outputRoot, options));
  }

  private Interpreter.Parts parts(Path outputRoot, RunOptions options) {
    try {
      Path temporary = Files.createDirectories(outputRoot.resolve(TEMPORARY)).toRealPath();
      OutputTail output = new OutputTail(OUTPUT_BYTES);
      DiskQuota quota = new DiskQuota(limits);
      ScriptFileSystem files =
          new ScriptFileSystem(temporary, byteCode, List.of(library, resources), quota);
      Context context = build(files, temporary, output);
      starting = context;
      try {
        HostGate gate = new HostGate(options.hosts());
        new SocketGuard(rules, gate).install(context, socketsPy);
        context.eval(bootstrap);
        WireSession session =
            wire == null || !options.javaWire()
                ? null
                : installWire(context, wire.newSession(gate), files, temporary);
        files.seal();
        if (code == null) {
          code = within(context, CompiledCode::ofCurrentEngine);
        }
        Value python = context.getBindings("python");
        return new Interpreter.Parts(
            context,
            python.getMember("load"),
            python.getMember("call"),
            session,
            files,
            quota,
            within(context, PythonResources::ofCurrentContext),
            code,
            output,
            temporary);
      } catch (RuntimeException broken) {
        context.close(true);
        throw broken;
      } finally {
        starting = null;
      }
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }

  private static <T> T within(Context context, Supplier<T> question) {
    context.enter();
    try {
      return question.get();
    } finally {
      context.leave();
    }
  }

  private WireSession installWire(
      Context context, WireSession session, ScriptFileSystem files, Path home) {
    WireBridge bridge = new WireBridge(wire, session, files, home);
    context.eval(wirePy);
    Value names = context.getBindings("python");
    Value install = names.getMember("_install_wire");
    names.removeMember("_install_wire");
    install.executeVoid(bridge.get(), bridge.open(), bridge.read(), bridge.close());
    return session;
  }

  /** How many of Java's connections are in use; those that only wait for a next request aren't. */
  int leasedConnections() {
    return wire == null ? 0 : wire.leased();
  }

  /** Functions that GraalPy remembers of byte code which scripts have loaded. */
  int loadedFunctions() {
    return code == null ? 0 : code.loaded();
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

  private Context build(ScriptFileSystem files, Path temporary, OutputTail output) {
    return Context.newBuilder("python")
        .engine(engine)
        .sandbox(SandboxPolicy.TRUSTED) // the containment is what follows, not a policy's
        .allowNativeAccess(false)
        .allowCreateProcess(false)
        .allowCreateThread(true)
        .allowHostAccess(HostAccess.newBuilder(HostAccess.NONE).allowBufferAccess(true).build())
        .allowHostClassLookup(name -> false)
        .allowPolyglotAccess(PolyglotAccess.NONE)
        .allowEnvironmentAccess(EnvironmentAccess.NONE)
        .environment("HOME", temporary.toString())
        .environment("TMPDIR", temporary.toString())
        .environment("LANG", "C.UTF-8")
        .environment("TZ", "UTC")
        .allowIO(IOAccess.newBuilder().fileSystem(files).allowHostSocketAccess(true).build())
        .in(InputStream.nullInputStream())
        .out(output)
        .err(output)
        .arguments("python", new String[] {"download"})
        .option("python.PosixModuleBackend", "java")
        .option("python.PythonPath", library.toString())
        .option("python.DontWriteBytecodeFlag", "false")
        .option("python.PyCachePrefix", byteCode.toString())
        .option("python.StandardStreamEncoding", "utf-8:backslashreplace")
        .build();
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
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
