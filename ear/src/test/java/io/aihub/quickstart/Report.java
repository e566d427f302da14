package io.aihub.quickstart;

import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LedgerView;
import io.aihub.task.api.TaskState;
import io.aihub.testbed.Api;
import io.aihub.testbed.ChildProcess;
import io.aihub.testbed.DownloadClient;
import io.aihub.testbed.LogAudit;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the quickstart says when the task is done. */
final class Report {

  private static final int SHOWN = 20;

  private final PrintStream out;
  private final Testbed testbed;

  Report(PrintStream out, Testbed testbed) {
    this.out = out;
    this.testbed = testbed;
  }

  void outcome(Api.TaskDetail task, List<FailureView> failures, List<String> differences) {
    LedgerView ledger = task.ledger();
    out.printf("%nTask %d is %s.%n", task.task().id(), task.task().state());
    if (task.task().state() == TaskState.FAILED) {
      task.transitions().stream()
          .filter(step -> step.to() == TaskState.FAILED)
          .forEach(step -> out.println("  " + step.reason()));
    }
    out.printf(
        "Ledger: %,d lines = %,d succeeded + %,d failed + %,d skipped + %,d leased + %,d waiting +"
            + " %,d not handed out; %,d bytes.%n",
        ledger.lines(),
        ledger.succeeded(),
        ledger.failed(),
        ledger.skipped(),
        ledger.leased(),
        ledger.waiting(),
        ledger.notHandedOut(),
        ledger.bytes());
    out.println("Failures by class: " + task.failuresByClass());
    failures.forEach(
        failure ->
            out.printf(
                "  line %d, %s after %d attempts: %s%s%n    %s%n",
                failure.line(),
                failure.failureClass(),
                failure.attempts(),
                failure.message(),
                failure.output() == null ? "" : " | " + lastLine(failure.output()),
                failure.text()));
    differences.stream().limit(SHOWN).forEach(difference -> out.println("WRONG  " + difference));
  }

  private static String lastLine(String output) {
    return output.strip().lines().reduce("", (before, line) -> line);
  }

  void clients(Map<String, Long> peaks) throws IOException {
    for (DownloadClient client : testbed.clients()) {
      out.printf(
          "Memory of %s (RSS): %d MiB now, %d MiB at most; CPU %d s.%n",
          client.name(),
          client.residentBytes() >> 20,
          peaks.getOrDefault(client.name(), 0L) >> 20,
          client.process().cpu().toSeconds());
    }
    ChildProcess server = testbed.server().process();
    out.printf(
        "Memory of the server (RSS): %d MiB now; CPU %d s.%n",
        server.residentBytes() >> 20, server.cpu().toSeconds());
    List<String> conspicuous = LogAudit.conspicuous(testbed.logs());
    out.printf(
        "Log lines at WARNING or above: %d (logs in %s)%n", conspicuous.size(), testbed.logs());
    conspicuous.stream()
        .limit(SHOWN)
        .forEach(line -> out.println("  " + line.substring(0, Math.min(300, line.length()))));
  }

  void whereToGoOn(long taskId, Path storage) {
    out.println("\nWhere to go on:");
    out.printf("  Pages            %s/%n", testbed.server().url());
    out.printf("  This task        %s/tasks/detail.xhtml?id=%d%n", testbed.server().url(), taskId);
    out.printf(
        "  Sign-ins         %s / %s (李晓, receiver), %s / %s (王芳, submitter), %s / %s (admin)%n",
        Quickstart.RECEIVER,
        Quickstart.PASSWORD,
        Quickstart.SUBMITTER,
        Quickstart.PASSWORD,
        Testbed.ADMIN,
        Quickstart.PASSWORD);
    out.printf("  REST             %s/api, described at %s%n", testbed.server().url(), openApi());
    out.printf("  SOAP             %s/soap/DownloadTaskService?wsdl%n", testbed.server().url());
    out.printf("  Payara console   %s%n", testbed.server().consoleUrl());
    out.printf("  Storage folder   %s%n%n", storage);
  }

  private String openApi() {
    return testbed.server().url().replaceFirst("/aihub$", "/openapi");
  }

  /** The last line, for programs. */
  void ledgerLine(LedgerView ledger, int wrong, Path storage) {
    out.printf(
        "LEDGER lines=%d succeeded=%d failed=%d skipped=%d bytes=%d wrong=%d storage=%s%n",
        ledger.lines(),
        ledger.succeeded(),
        ledger.failed(),
        ledger.skipped(),
        ledger.bytes(),
        wrong,
        storage);
    out.flush();
  }
}
