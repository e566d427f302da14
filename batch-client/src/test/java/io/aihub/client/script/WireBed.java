package io.aihub.client.script;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.wire.AllowedHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** An origin that answers in every odd way, and workers whose scripts ask it. */
final class WireBed implements AutoCloseable {

  private final Path folder;
  private final WireOrigin origin;
  private final ScriptRuntime runtime;
  private final Worker overJava;
  private final Worker overPython;
  private int workers;

  WireBed() throws Exception {
    folder = Files.createTempDirectory("aihub-wire").toRealPath();
    origin = new WireOrigin(folder);
    runtime = new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath());
    overJava = new Worker(RunOptions.USUAL);
    overPython = new Worker(new RunOptions(AllowedHosts.ANY, false));
  }

  WireOrigin origin() {
    return origin;
  }

  /** An address of the origin, by plain http. */
  String url(String path) {
    return "http://127.0.0.1:" + origin.httpPort() + path;
  }

  /** The worker whose scripts send through Java. */
  Worker overJava() {
    return overJava;
  }

  /** The worker whose scripts' requests go through Python's own sockets. */
  Worker overPython() {
    return overPython;
  }

  /** Another one that sends through Java, to be closed. */
  Worker newWorker() throws IOException {
    return new Worker(RunOptions.USUAL);
  }

  /** Java's connections that a request or an unread answer holds. */
  int leasedConnections() {
    return runtime.leasedConnections();
  }

  @Override
  public void close() throws IOException {
    overJava.close();
    overPython.close();
    runtime.close();
    origin.close();
    Trees.delete(folder);
  }

  /** Runs scripts, one call at a time. */
  final class Worker implements AutoCloseable {

    private final RunOptions options;
    private final Path root;
    private final ScriptContext context;
    private volatile Path output;
    private int calls;

    private Worker(RunOptions options) throws IOException {
      this.options = options;
      root = Files.createDirectory(folder.resolve("worker-" + ++workers));
      context = runtime.newContext(root);
      output = root;
    }

    ScriptOutcome call(String source, String line) throws IOException {
      return call(source, line, TestWorker.PATIENCE);
    }

    ScriptOutcome call(String source, String line, Duration limit) throws IOException {
      output = Files.createDirectory(root.resolve("call-" + ++calls));
      return context.download(TestScripts.script(source).under(options), line, output, limit);
    }

    /** The output directory of the last call. */
    Path output() {
      return output;
    }

    /** Starts GraalPy ahead of a call. */
    void prepare() {
      context.prepare();
    }

    /** Ends the call that runs. */
    void interrupt() {
      context.interrupt();
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
