package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.queue.api.FailureClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A script that ends itself, or would end more than itself, costs its own line and nothing else.
 */
@ExtendWith(SharedWorker.class)
class EndingScriptTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "sys.exit(3)| SystemExit: 3",
        "os._exit(3)| the script ended the interpreter with status 3",
        "raise SystemExit| SystemExit",
        "raise KeyboardInterrupt| KeyboardInterrupt",
        "raise GeneratorExit| GeneratorExit",
        "os.fork()| AttributeError: module 'os' has no attribute 'fork'",
        "os.abort()| AttributeError: module 'os' has no attribute 'abort'",
        "os.system('true')| PermissionError: [Errno 1] download scripts can't start programs",
        "os.popen('true')| PermissionError: [Errno 1] download scripts can't start programs",
        "subprocess.run(['true'])| PermissionError: [Errno 1] download scripts can't start programs",
        "os.execv('/bin/true', ['true'])|",
        "os.kill(os.getpid(), signal.SIGKILL)| ProcessLookupError: ",
        "os.killpg(0, signal.SIGTERM)|",
        "signal.raise_signal(signal.SIGTERM)| UnsupportedOperation: ",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)| PermissionError: ",
        "faulthandler._sigsegv()| UnsupportedOperation: ",
        "f = lambda: f(); f()| RecursionError: ",
        "sys.setrecursionlimit(10**9); f = lambda: f(); f()| RecursionError: ",
        "eval('-' * 10**5 + '1')| RecursionError: ",
        "json.loads('[' * 10**6)| RecursionError: ",
        "[0] * 10**10| OverflowError: ",
        "list(range(10**10))|",
        "raise Metaclass('x')('y')| x: y",
        "raise Unreadable| Unreadable: (its text can't be read)"
      })
  void itsLineFailsAndTheNextOneWorks(String statement, String message, TestWorker worker)
      throws Exception {
    Failed failed = worker.failure(source(statement));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.SCRIPT);
    assertThat(failed.message()).startsWith(message == null ? "" : message);
  }

  @Test
  void anExitInAThreadEndsTheScriptOnly(TestWorker worker) throws Exception {
    Failed failed =
        worker.failure(
            source("threading.Thread(target=os._exit, args=(3,)).start(); time.sleep(1000)"));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.SCRIPT);
    worker.assertGoesOn();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os.kill(0, signal.SIGTERM)",
        "os.kill(-1, signal.SIGKILL)",
        "signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01); time.sleep(0.2)"
      })
  void aSignalReachesNobody(String statement, TestWorker worker) throws Exception {
    assertThat(worker.failure(source(statement)).failureClass())
        .isEqualTo(FailureClass.RETURNED_NONE);
  }

  private static String source(String statement) {
    return """
        import atexit, faulthandler, json, os, signal, subprocess, sys, threading, time
        kept = []
        def forever(*anything):
            while True: pass
        class Immortal:
            __del__ = forever
        class Metaclass(type):
            def __new__(cls, name): return super().__new__(cls, name, (Exception,), {})
            def __init__(cls, name): pass
            def __getattribute__(cls, name): raise ValueError
        class Unreadable(Exception):
            def __str__(self): raise self
            __repr__ = __str__
        def download(line, d):
            global f
            STATEMENT
        """
        .replace("STATEMENT", statement);
  }
}
