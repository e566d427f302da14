package io.aihub.client.script;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Interrupted;
import io.aihub.client.script.ScriptOutcome.NoRoom;
import io.aihub.client.wire.Sent;
import io.aihub.queue.api.FailureClass;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;

/**
 * What the end of a call says of its line.
 *
 * @param folder the output directory of the call
 * @param python where it was called
 */
record Ending(Script script, Path folder, Interpreter python) {

  /** It ended by itself. */
  ScriptOutcome answered(Answer answer) {
    return switch (answer.kind()) {
      case PATH -> returned(answer.text());
      case LOADED -> throw new IllegalStateException("loaded, but not called");
      case NONE -> unlessSeen(FailureClass.RETURNED_NONE, "download returned None");
      case EMPTY -> unlessSeen(FailureClass.OUTPUT, noPath(answer.text()));
      case ODD -> failed(FailureClass.OUTPUT, PlainText.message(noPath(answer.text())), null);
      case RAISED -> raised(answer);
    };
  }

  private ScriptOutcome returned(String path) {
    ScriptOutcome outcome = ReturnedPath.check(folder, path, output());
    return outcome instanceof Failed wrong && ReturnedPath.isOfNothing(folder, path)
        ? unlessSeen(wrong.failureClass(), wrong.message())
        : outcome;
  }

  private ScriptOutcome raised(Answer answer) {
    if (FailureRules.isNoRoom(answer.links())) {
      return new NoRoom(PlainText.message(answer.text()), true);
    }
    FailureClass said = FailureRules.classify(answer.links());
    return said == FailureClass.SCRIPT
        ? unlessSeen(said, answer.text())
        : failed(
            said,
            withRequests(answer.text()),
            FailureRules.retryAfter(answer.links(), Instant.now()));
  }

  /**
   * A script that has nothing to hand in, whichever way it says so: {@code None}, {@code False}, a
   * file that it never wrote, an exception of its own. What its last request failed of is the
   * reason then, and tells whether and when to try again.
   *
   * @param otherwise the class where that request went well, or there was none
   */
  private Failed unlessSeen(FailureClass otherwise, String message) {
    return failed(
        FailureRules.ofLast(requests(), otherwise),
        withRequests(message),
        FailureRules.retryAfterOfLast(requests(), Instant.now()));
  }

  private static String noPath(String what) {
    return "download returned " + what + ", which is not a path";
  }

  /** It was stopped. */
  ScriptOutcome stopped(Breach breach) {
    return stopped(breach, "");
  }

  /** It was stopped, which ended in an exception. */
  ScriptOutcome stopped(Breach breach, Throwable ended) {
    return stopped(breach, place(ended));
  }

  private ScriptOutcome stopped(Breach breach, String place) {
    return breach.failureClass() == null
        ? new Interrupted()
        : failed(breach.failureClass(), withRequests(breach.message() + place), null);
  }

  /** It ended more than itself. */
  ScriptOutcome broken(Throwable cause) {
    String message;
    if (cause instanceof PolyglotException ended && ended.isExit()) {
      message = "the script ended the interpreter with status " + ended.getExitStatus();
    } else if (cause instanceof PolyglotException || cause instanceof TimeoutException) {
      message = "the script broke the interpreter: " + cause.getMessage();
    } else {
      message = "the script's context was closed";
    }
    return failed(FailureClass.SCRIPT, PlainText.message(message), null);
  }

  private Failed failed(FailureClass as, String message, Integer retryAfterSeconds) {
    return new Failed(as, message, output(), retryAfterSeconds);
  }

  private String output() {
    return python.output().text();
  }

  private List<Sent> requests() {
    return python.sent().last();
  }

  /** Where the script was when it was stopped, as far as GraalPy tells. */
  private String place(Throwable ended) {
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

  /** Names the last requests behind what went wrong; of a long text, the end gives way to them. */
  private String withRequests(String message) {
    List<Sent> requests = requests();
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
