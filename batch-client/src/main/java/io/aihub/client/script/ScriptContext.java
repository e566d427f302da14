package io.aihub.client.script;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Interrupted;
import io.aihub.client.script.ScriptOutcome.NoRoom;
import io.aihub.client.script.ScriptRuntime.Started;
import io.aihub.client.wire.Sent;
import io.aihub.client.wire.WireSession;
import io.aihub.queue.api.FailureClass;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * Where one worker runs its scripts, one call at a time. A script's module is executed once, at its
 * first call; a context that was interrupted or broken is replaced by a new one at the next call.
 */
public final class ScriptContext implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ScriptContext.class.getName());
  private static final int OUTPUT_BYTES = 64 * 1024;
  private static final int MAX_MESSAGE_CHARACTERS = 4000;
  private static final Duration INTERRUPT_TIME = Duration.ofSeconds(5);

  private enum Stop {
    NO,
    TIME_LIMIT,
    ASKED
  }

  private final ScriptRuntime runtime;
  private final Path outputRoot;
  private final OutputTail output = new OutputTail(OUTPUT_BYTES);

  private final ReentrantLock starting = new ReentrantLock();

  private Context context;
  private Value call;
  private WireSession wire;
  private boolean running;
  private Stop stop = Stop.NO;
  private long calls;

  ScriptContext(ScriptRuntime runtime, Path outputRoot) {
    this.runtime = runtime;
    this.outputRoot = outputRoot;
  }

  /** Starts GraalPy now instead of at the first call. */
  public void prepare() {
    starting.lock(); // not the monitor: stopping a call must not wait for a start
    try {
      synchronized (this) {
        if (context != null) {
          return;
        }
      }
      Started started = runtime.start(outputRoot, output);
      synchronized (this) {
        context = started.context();
        call = started.call();
        wire = started.wire();
      }
    } finally {
      starting.unlock();
    }
  }

  /**
   * Calls the script's {@code download} for a line. Never throws for what a script does.
   *
   * @param folder an existing, empty directory below the output root
   * @param limit how long the call may take, GraalPy's start not counted
   */
  public ScriptOutcome download(Script script, String line, Path folder, Duration limit) {
    try {
      prepare();
    } catch (RuntimeException broken) {
      if (runtime.isDraining()) {
        return new Interrupted();
      }
      LOG.log(Level.WARNING, "GraalPy does not start", broken);
      return failed("the script runtime does not start: " + broken.getMessage());
    }
    long number;
    Value function;
    WireSession session;
    synchronized (this) {
      output.clear();
      function = call;
      session = wire;
      running = true;
      stop = Stop.NO;
      number = ++calls;
    }
    if (session != null) {
      session.begin();
    }
    Future<?> watchdog = runtime.after(limit, () -> stop(Stop.TIME_LIMIT, number));
    boolean broken = false;
    try {
      Value answer = function.execute(script.fileName(), script.source(), line, folder.toString());
      return outcome(answer, folder, lastRequests(session));
    } catch (PolyglotException ended) {
      broken = true;
      return ended(ended, limit, session);
    } catch (IllegalStateException closedMeanwhile) {
      broken = true;
      return isStopped() ? stopped(limit, session) : failed("the script's context was closed");
    } finally {
      watchdog.cancel(false);
      if (session != null) {
        session.end();
      }
      runtime.emptyTemporary(outputRoot);
      synchronized (this) {
        running = false;
        broken |= stop != Stop.NO;
      }
      if (broken) {
        close();
      }
    }
  }

  /** Ends the running call, if there is one, with {@link Interrupted}. Returns when it has. */
  public void interrupt() {
    long number;
    synchronized (this) {
      number = calls;
    }
    stop(Stop.ASKED, number);
  }

  /** Ends GraalPy here, whatever runs; the next call starts it again. */
  @Override
  public void close() {
    Context old;
    synchronized (this) {
      if (wire != null) {
        wire.close();
      }
      old = context;
      context = null;
      call = null;
      wire = null;
    }
    if (old != null) {
      try {
        old.close(true);
      } catch (PolyglotException | IllegalStateException late) {
        LOG.log(Level.FINE, "a context did not close cleanly", late);
      }
    }
  }

  private void stop(Stop reason, long number) {
    Context busy;
    WireSession requests;
    synchronized (this) {
      if (!running || calls != number || stop != Stop.NO) {
        return;
      }
      stop = reason;
      busy = context;
      requests = wire;
    }
    if (requests != null) {
      requests.close(); // Java's sockets don't hear of an interrupt
    }
    try {
      busy.interrupt(INTERRUPT_TIME);
    } catch (TimeoutException stuck) {
      busy.close(true); // in a call that can't be interrupted, a name look-up for example
    } catch (PolyglotException | IllegalStateException closedMeanwhile) {
      LOG.log(Level.FINE, "a context was closed while it was interrupted", closedMeanwhile);
    }
  }

  private synchronized boolean isStopped() {
    return stop != Stop.NO;
  }

  private ScriptOutcome outcome(Value answer, Path folder, List<Sent> requests) {
    String kind = answer.getArrayElement(0).asString();
    return switch (kind) {
      case "path" -> ReturnedPath.check(folder, text(answer, 1), output.text());
      case "none" ->
          new Failed(
              FailureRules.ofSilence(requests),
              withRequests("download returned None", requests),
              output.text(),
              FailureRules.retryAfterOfLast(requests, Instant.now()));
      case "odd" ->
          new Failed(
              FailureClass.OUTPUT,
              cut("download returned " + text(answer, 1) + ", which is not a path"),
              output.text(),
              null);
      default -> {
        List<RaisedLink> links = links(answer.getArrayElement(2));
        if (FailureRules.isNoRoom(links)) {
          yield new NoRoom(cut(text(answer, 1)));
        }
        yield new Failed(
            FailureRules.classify(links),
            withRequests(text(answer, 1), requests),
            output.text(),
            FailureRules.retryAfter(links, Instant.now()));
      }
    };
  }

  private ScriptOutcome ended(PolyglotException ended, Duration limit, WireSession session) {
    if (isStopped()) {
      return stopped(limit, session);
    }
    if (ended.isExit()) {
      return failed("the script ended the interpreter with status " + ended.getExitStatus());
    }
    return failed("the script broke the interpreter: " + ended.getMessage());
  }

  private ScriptOutcome stopped(Duration limit, WireSession session) {
    Stop reason;
    synchronized (this) {
      reason = stop;
    }
    return reason == Stop.ASKED
        ? new Interrupted()
        : new Failed(
            FailureClass.TIMEOUT,
            withRequests(
                "download took longer than " + limit.toSeconds() + " s and was stopped",
                lastRequests(session)),
            output.text(),
            null);
  }

  private Failed failed(String message) {
    return new Failed(FailureClass.SCRIPT, cut(message), output.text(), null);
  }

  private static List<Sent> lastRequests(WireSession session) {
    return session == null ? List.of() : session.last();
  }

  /** Names the last requests behind what went wrong; of a long text, the end gives way to them. */
  private static String withRequests(String message, List<Sent> requests) {
    if (requests.isEmpty()) {
      return cut(message);
    }
    String named =
        requests.stream()
            .map(Sent::toString)
            .collect(Collectors.joining("; ", ". Last requests: ", ""));
    int room = Math.max(MAX_MESSAGE_CHARACTERS - named.length(), MAX_MESSAGE_CHARACTERS / 4);
    return cut((message.length() <= room ? message : message.substring(0, room - 1) + "…") + named);
  }

  private static List<RaisedLink> links(Value array) {
    List<RaisedLink> links = new ArrayList<>();
    for (long i = 0; i < array.getArraySize(); i++) {
      Value link = array.getArrayElement(i);
      Value names = link.getArrayElement(0);
      List<String> types = new ArrayList<>();
      for (long n = 0; n < names.getArraySize(); n++) {
        types.add(names.getArrayElement(n).asString());
      }
      Value retryAfter = link.getArrayElement(2);
      links.add(
          new RaisedLink(
              types,
              number(link.getArrayElement(1)),
              retryAfter.isNull() ? null : retryAfter.asString(),
              number(link.getArrayElement(3))));
    }
    return links;
  }

  private static int number(Value value) {
    return value.fitsInInt() ? value.asInt() : -1;
  }

  private static String text(Value answer, int index) {
    return answer.getArrayElement(index).asString();
  }

  /** Within what the failure log keeps, and without the NUL that a database refuses. */
  private static String cut(String message) {
    String clean = message.replace("\0", "\uFFFD");
    return clean.length() <= MAX_MESSAGE_CHARACTERS
        ? clean
        : clean.substring(0, MAX_MESSAGE_CHARACTERS - 1) + "…";
  }
}
