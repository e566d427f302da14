package io.aihub.client.script;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Interrupted;
import io.aihub.client.script.ScriptOutcome.NoRoom;
import io.aihub.client.wire.Sent;
import io.aihub.client.wire.WireSession;
import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;

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
    WireSession session = call.python.wire();
    if (session != null) {
      session.begin();
    }
    runtime.watch(call.watch, breach -> stop(call, breach));
    boolean spoiled = true;
    try {
      CompletableFuture<Answer> answer =
          call.python.call(script, line, folder, breach -> stopSoon(call, breach));
      Answer said = answer.get();
      spoiled = !call.python.leave() || said.spoiled();
      if (spoiled) {
        call.python.close(); // before anyone looks at the file: a thread could still change it
      }
      return isStopped(call) ? stopped(call, "") : outcome(said, folder, call.python);
    } catch (ExecutionException ended) {
      return isStopped(call)
          ? stopped(call, place(ended.getCause(), script))
          : ended(ended.getCause(), call.python);
    } catch (IOException gone) {
      return new NoRoom("the output directory can't be used: " + gone);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return new Interrupted();
    } finally {
      runtime.unwatch(call.watch);
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

  private synchronized boolean isStopped(Running call) {
    return call.breach != null;
  }

  private ScriptOutcome outcome(Answer answer, Path folder, Interpreter python) {
    String output = python.output().text();
    List<Sent> requests = requests(python);
    return switch (answer.kind()) {
      case PATH -> ReturnedPath.check(folder, answer.text(), output);
      case LOADED -> throw new IllegalStateException("loaded, but not called");
      case NONE ->
          new Failed(
              FailureRules.ofSilence(requests),
              withRequests("download returned None", requests),
              output,
              FailureRules.retryAfterOfLast(requests, Instant.now()));
      case ODD ->
          new Failed(
              FailureClass.OUTPUT,
              PlainText.message("download returned " + answer.text() + ", which is not a path"),
              output,
              null);
      case RAISED -> {
        if (FailureRules.isNoRoom(answer.links())) {
          yield new NoRoom(PlainText.message(answer.text()));
        }
        yield new Failed(
            FailureRules.classify(answer.links()),
            withRequests(answer.text(), requests),
            output,
            FailureRules.retryAfter(answer.links(), Instant.now()));
      }
    };
  }

  private static Failed ended(Throwable cause, Interpreter python) {
    String message;
    if (cause instanceof PolyglotException ended && ended.isExit()) {
      message = "the script ended the interpreter with status " + ended.getExitStatus();
    } else if (cause instanceof PolyglotException || cause instanceof TimeoutException) {
      message = "the script broke the interpreter: " + cause.getMessage();
    } else {
      message = "the script's context was closed";
    }
    return new Failed(
        FailureClass.SCRIPT, PlainText.message(message), python.output().text(), null);
  }

  /** Where the script was when it was stopped, as far as GraalPy tells. */
  private static String place(Throwable ended, Script script) {
    if (ended instanceof PolyglotException stopped) {
      for (PolyglotException.StackFrame frame : stopped.getPolyglotStackTrace()) {
        SourceSection place = frame.getSourceLocation();
        if (place != null && place.getSource().getName().equals(script.fileName())) {
          return " (line " + place.getStartLine() + " of the script)";
        }
      }
    }
    return "";
  }

  private ScriptOutcome stopped(Running call, String place) {
    Breach breach;
    synchronized (this) {
      breach = call.breach;
    }
    return breach.failureClass() == null
        ? new Interrupted()
        : new Failed(
            breach.failureClass(),
            withRequests(breach.message() + place, requests(call.python)),
            call.python.output().text(),
            null);
  }

  private static List<Sent> requests(Interpreter python) {
    return python.wire() == null ? List.of() : python.wire().last();
  }

  /** Names the last requests behind what went wrong; of a long text, the end gives way to them. */
  private static String withRequests(String message, List<Sent> requests) {
    if (requests.isEmpty()) {
      return PlainText.message(message);
    }
    String named =
        requests.stream()
            .map(Sent::toString)
            .collect(Collectors.joining("; ", ". Last requests: ", ""));
    int room = Math.max(PlainText.MAX_MESSAGE - named.length(), PlainText.MAX_MESSAGE / 4);
    return PlainText.message(
        (message.length() <= room ? message : message.substring(0, room - 1) + "…") + named);
  }
}
