package io.aihub.client.script;

import io.aihub.client.wire.HostGate;
import io.aihub.client.wire.NetworkRules;
import io.aihub.client.wire.SentLog;
import io.aihub.client.wire.Wire;
import io.aihub.client.wire.WireSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/** Makes contexts of GraalPy that are ready for scripts, and contained. They share an engine. */
final class PythonContexts implements AutoCloseable {

  private static final String TEMPORARY = "tmp";
  private static final int OUTPUT_BYTES = 64 * 1024;

  private final Path resources;
  private final Path byteCode;
  private final Path library;
  private final Engine engine;
  private final Source openedFilesPy;
  private final Source archivesPy;
  private final Source librariesPy;
  private final Source callsPy;
  private final Source programsPy;
  private final Source sentPy;
  private final Source answersPy;
  private final Source connectionsPy;
  private final Source requestsPy;
  private final Source socketsPy;
  private final NetworkRules rules;
  private final Wire wire;
  private final ScriptLimits limits;
  private volatile Context starting;
  private volatile CompiledCode code;

  /**
   * Starts GraalPy's engine.
   *
   * @param home directory for libraries and caches, kept over restarts
   * @param wire null for Python's own sockets
   */
  PythonContexts(Path home, Wire wire, ScriptLimits limits, NetworkRules rules) throws IOException {
    this.wire = wire;
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
            // else a script that traces makes GraalPy look for what it can't read, for all contexts
            .option("python.KeepBytecodeInMemory", "true")
            .build();
    openedFilesPy = source("opened_files.py");
    archivesPy = source("archives.py");
    librariesPy = source("libraries.py");
    callsPy = source("calls.py");
    programsPy = source("programs.py");
    sentPy = source("sent.py");
    answersPy = source("wire/answers.py");
    connectionsPy = source("wire/connections.py");
    requestsPy = source("wire/requests.py");
    socketsPy = source("sockets.py");
  }

  private static Source source(String name) throws IOException {
    try (InputStream text = PythonContexts.class.getResourceAsStream(name)) {
      return Source.newBuilder(
              "python", new String(text.readAllBytes(), StandardCharsets.UTF_8), name)
          .build();
    }
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The client's own packages, which all contexts share. */
  Path library() {
    return library;
  }

  /** The byte-code cache, which they share as well. */
  Path byteCode() {
    return byteCode;
  }

  /** What GraalPy remembers of code; null until a context was started. */
  CompiledCode code() {
    return code;
  }

  /** A context for one worker's scripts, on the thread that is to run them. */
  Interpreter.Parts start(Path outputRoot, RunOptions options) {
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
        context.eval(openedFilesPy);
        context.eval(librariesPy);
        context.eval(callsPy);
        install(context, archivesPy, "_remember_archives");
        install(context, programsPy, "_refuse_programs");
        SentLog sent = new SentLog();
        installSent(context, new SentBridge(sent));
        WireSession session =
            wire == null || !options.javaWire()
                ? null
                : installWire(context, wire.newSession(gate, sent), files, temporary);
        files.seal();
        if (code == null) {
          code = within(context, CompiledCode::ofCurrentEngine);
        }
        Value python = context.getBindings("python");
        return new Interpreter.Parts(
            context,
            python.getMember("load"),
            python.getMember("call"),
            sent,
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
    Value answers =
        install(
            context, answersPy, "_install_answers", bridge.read(), bridge.rest(), bridge.close());
    Value connections =
        install(context, connectionsPy, "_install_connections", answers, bridge.open());
    install(
        context,
        requestsPy,
        "_install_requests",
        answers,
        connections,
        bridge.get(),
        bridge.rest(),
        bridge.room(),
        bridge.close());
    return session;
  }

  private void installSent(Context context, SentBridge bridge) {
    install(
        context,
        sentPy,
        "_tell_of_requests",
        bridge.begun(),
        bridge.answered(),
        bridge.failed(),
        bridge.completed());
  }

  /** Evaluates a source and calls the one function in it, which no script gets to see. */
  private static Value install(Context context, Source source, String name, Object... arguments) {
    context.eval(source);
    Value names = context.getBindings("python");
    Value function = names.getMember(name);
    names.removeMember(name);
    return function.execute(arguments);
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

  /** Breaks off the start of a context, if there is one. */
  void giveUp() {
    Context unfinished = starting;
    if (unfinished != null) {
      unfinished.close(true);
    }
  }

  @Override
  public void close() {
    engine.close(true);
  }
}
