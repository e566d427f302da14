package io.aihub.client.script;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Interrupted;
import io.aihub.client.script.ScriptOutcome.NoRoom;
import io.aihub.client.wire.WireSession;
import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where one worker runs its scripts, one call at a time. A script's module is executed once, at its
 * first call. GraalPy is started anew, at the next call, where a call was stopped or left something
 * behind that the next line would meet, for another script or one that is to be run in another way,
 * and after a number of lines.
 */
public final class ScriptContext implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ScriptContext.class.getName());

  /** A context that has run fewer lines has seldom grown: renewing it would free little. */
  private static final int LINES_TO_GROW = 100;

  private final ScriptRuntime runtime;
  private final Path outputRoot;
  private final ReentrantLock starting = new ReentrantLock();

  private Interpreter interpreter;
  private String scriptInside;
  private RunOptions optionsInside;
  private int lines;
  private Running running;

  /** A call under way, and why it was stopped, if it was. */
  private static final class Running {
    private final Interpreter python;
    private LineWatch watch;
    private Breach breach;

    Running(Interpreter python) {
      this.python = python;
    }
  }

  ScriptContext(ScriptRuntime runtime, Path outputRoot) {
    this.runtime = runtime;
    this.outputRoot = outputRoot;
  }

  /** Starts GraalPy now instead of at the first call. */
  public void prepare() {
    ready(RunOptions.USUAL);
  }

  private Interpreter ready(RunOptions options) {
    starting.lock(); // not the monitor: stopping a call must not wait for a start
    try {
      synchronized (this) {
        if (interpreter != null) {
          return interpreter;
        }
      }
      Interpreter started = runtime.start(outputRoot, options);
      synchronized (this) {
        interpreter = started;
        optionsInside = options;
        scriptInside = null;
        lines = 0;
        return started;
      }
    } finally {
      starting.unlock();
    }
  }

  /**
   * Calls the script's {@code download} for a line. Never throws for what a script does.
   *
   * @param folder an existing, empty directory; all of the disk that the script may write to, but
   *     for temporary files
   * @param limit how long the call may take, GraalPy's start not counted
   */
  public ScriptOutcome download(Script script, String line, Path folder, Duration limit) {
    Running call;
    try {
      if (isToBeRenewed(script)) {
        close();
      }
      call = new Running(ready(script.options()));
    } catch (RuntimeException broken) {
      if (runtime.isDraining()) {
        return new Interrupted();
      }
      LOG.log(Level.WARNING, "GraalPy does not start", broken);
      return new Failed(
          FailureClass.SCRIPT,
          PlainText.message("the script runtime does not start: " + broken.getMessage()),
          null,
          null);
    }
    synchronized (this) {
      scriptInside = script.sha256();
      lines++;
      running = call;
      call.watch = new LineWatch(call.python, runtime.limits(), limit);
    }
    call.python.sent().clear();
    runtime.watch(call.watch, breach -> stop(call, breach));
    Ending ending = new Ending(script, folder, call.python);
    boolean spoiled = true;
    try {
      CompletableFuture<Answer> answer =
          call.python.call(script, line, folder, breach -> stopSoon(call, breach));
      Answer said = answer.get();
      spoiled = !call.python.leave() || said.spoiled();
      if (spoiled) {
        call.python.close(); // before anyone looks at the file: a thread could still change it
      }
      Breach breach = breach(call);
      return breach == null ? ending.answered(said) : ending.stopped(breach);
    } catch (ExecutionException ended) {
      Breach breach = breach(call);
      return breach == null
          ? ending.broken(ended.getCause())
          : ending.stopped(breach, ended.getCause());
    } catch (IOException gone) {
      return new NoRoom("the output directory can't be used: " + gone, false);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return new Interrupted();
    } finally {
      runtime.unwatch(call.watch);
      WireSession session = call.python.wire();
      if (session != null) {
        session.end();
      }
      synchronized (this) {
        running = null;
        spoiled |= call.breach != null;
      }
      if (spoiled) {
        close();
      }
      runtime.emptyTemporary(call.python.temporary());
    }
  }

  private synchronized boolean isToBeRenewed(Script script) {
    if (interpreter == null) {
      return false;
    }
    return !optionsInside.equals(script.options())
        || (scriptInside != null && isToBeRenewedFor(script.sha256()));
  }

  private boolean isToBeRenewedFor(String sha256) {
    return !scriptInside.equals(sha256)
        || lines >= runtime.limits().linesPerContext()
        || (lines >= LINES_TO_GROW && runtime.isMemoryTight())
        || runtime.isMemoryFull();
  }

  /** Ends the running call, if there is one, with {@link Interrupted}. Returns when it has. */
  public void interrupt() {
    Running call;
    synchronized (this) {
      call = running;
    }
    if (call != null) {
      stop(call, Breach.ASKED);
    }
  }

  /** Ends GraalPy here, whatever runs; the next call starts it again. */
  @Override
  public void close() {
    Interpreter old;
    synchronized (this) {
      old = interpreter;
      interpreter = null;
      scriptInside = null;
    }
    if (old != null) {
      old.close();
    }
  }

  /** From the script's own thread, so it can't wait; but from now on the line has failed. */
  private void stopSoon(Running call, Breach breach) {
    if (mark(call, breach)) {
      runtime.execute(call.python::close);
    }
  }

  private void stop(Running call, Breach breach) {
    if (mark(call, breach)) {
      call.python.close();
    }
  }

  private synchronized boolean mark(Running call, Breach breach) {
    if (running != call || call.breach != null) {
      return false;
    }
    call.breach = breach;
    return true;
  }

  private synchronized Breach breach(Running call) {
    return call.breach;
  }
}
