package io.aihub.client.script;

import io.aihub.client.wire.Wire;
import io.aihub.client.wire.WireSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
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

  private final Path resources;
  private final Path byteCode;
  private final Path library;
  private final Engine engine;
  private final Source bootstrap;
  private final Source wirePy;
  private final Wire wire;
  private volatile boolean draining;
  private volatile Context starting;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(daemons("script-clock"));
  private final ExecutorService stoppers = Executors.newCachedThreadPool(daemons("script-stop"));

  /**
   * Starts GraalPy.
   *
   * @param home directory for libraries and caches, kept over restarts
   */
  public ScriptRuntime(Path home) throws IOException {
    this(home, true);
  }

  /**
   * Starts GraalPy.
   *
   * @param home directory for libraries and caches, kept over restarts
   * @param javaWire whether requests go through Java's pool of connections, see {@link Wire};
   *     Python's own sockets otherwise
   */
  public ScriptRuntime(Path home, boolean javaWire) throws IOException {
    this.wire = javaWire ? new Wire() : null;
    // both are read when GraalPy's classes are loaded, so they can't be options of the engine
    setIfAbsent("polyglot.engine.userResourceCache", home.resolve("graalpy").toString());
    setIfAbsent("polyglotimpl.AttachLibraryFailureAction", "ignore");
    resources =
        Files.createDirectories(Path.of(System.getProperty("polyglot.engine.userResourceCache")))
            .toRealPath();
    byteCode = Files.createDirectories(home.resolve("byte-code")).toRealPath();
    library = ScriptLibrary.unpack(home).toRealPath();
    ShippedByteCode.unpack(byteCode, resources, library);
    engine = Engine.newBuilder("python").option("engine.WarnInterpreterOnly", "false").build();
    bootstrap = source("bootstrap.py");
    wirePy = source("wire.py");
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

  /** Stops nothing that runs: close the contexts first. */
  @Override
  public void close() {
    clock.shutdownNow();
    stoppers.shutdownNow();
    engine.close(true);
    if (wire != null) {
      wire.close();
    }
  }

  /**
   * A context that is ready.
   *
   * @param call the function of bootstrap.py that calls a script
   * @param wire its requests; null where they go through Python's own sockets
   */
  record Started(Context context, Value call, WireSession wire) {}

  /** A context that is ready for scripts, and contained. Takes a second, the first one many. */
  synchronized Started start(Path outputRoot, OutputTail output) {
    if (draining) {
      throw new IllegalStateException("no context is started any more");
    }
    try {
      Path temporary = Files.createDirectories(outputRoot.resolve(TEMPORARY));
      ScriptFileSystem files =
          new ScriptFileSystem(outputRoot, temporary, byteCode, List.of(library, resources));
      Context context = build(outputRoot, files, temporary, output);
      starting = context;
      try {
        context.eval(bootstrap);
        WireSession session = wire == null ? null : installWire(context, files, outputRoot);
        files.seal();
        Value call = context.getBindings("python").getMember("call");
        return new Started(context, call, session);
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

  private WireSession installWire(Context context, ScriptFileSystem files, Path home) {
    WireSession session = wire.newSession();
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

  /** Deletes what a script left where tempfile puts things; directories stay, it may know them. */
  void emptyTemporary(Path outputRoot) {
    try (Stream<Path> left = Files.walk(outputRoot.resolve(TEMPORARY))) {
      for (Path file : left.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException busy) {
      LOG.log(Level.FINE, "Temporary files were left", busy);
    }
  }

  /** Runs something after a while, on a thread that may block. */
  Future<?> after(Duration delay, Runnable action) {
    return clock.schedule(() -> stoppers.execute(action), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Context build(Path root, ScriptFileSystem files, Path temporary, OutputTail output) {
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
        .environment("HOME", root.toString())
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

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
