package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.Outcome;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LeasedText;
import io.aihub.queue.control.UploadVerifier;
import io.aihub.queue.entity.Lease;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything about a report that is checked before the transaction that counts it. */
@Dependent
class ReportCheck {

  private static final int MAX_CAPACITY = 1000;
  private static final int MAX_WORKER = 64;
  private static final int MAX_MESSAGE = 4000;
  private static final int MAX_OUTPUT = 65_536;
  private static final int MAX_RETRY_AFTER = 86_400; // seconds
  private static final int SHA_256_DIGITS = 64;
  private static final byte[] NO_DIGIT = noDigit(); // 1 for each ASCII character that is none

  private final LeasedTasks tasks;
  private final UploadVerifier verifier;
  private final LeasedText texts;

  @Inject
  ReportCheck(LeasedTasks tasks, UploadVerifier verifier, LeasedText texts) {
    this.tasks = tasks;
    this.verifier = verifier;
    this.texts = texts;
  }

  Settle verify(MachineIdentity machine, Lease lease, SettleRequest report) {
    requireEachLineOnce(lease, report.results());
    String target = tasks.facts(lease.segment().taskId()).target();
    List<LineResult> verified = verifier.verify(target, report.results());
    boolean anyFailed = verified.stream().anyMatch(result -> result.outcome() == Outcome.FAILED);
    return new Settle(
        machine,
        lease,
        report.report(),
        verified,
        anyFailed ? texts.forFailureLog(lease) : null,
        report.nextCapacity());
  }

  /** The lines of a lease, for an answer that is given again. */
  List<LeasedLine> linesOf(Lease lease) {
    return texts.lines(lease);
  }

  /** The rules that the annotations of {@link LeaseRequest} state; see below. */
  void requireWellFormed(LeaseRequest request) {
    InputCheck check = new InputCheck();
    Integer capacity = request.capacity();
    if (capacity != null && (capacity < 1 || capacity > MAX_CAPACITY)) {
      check.reject("capacity", "input.range", "capacity", 1, MAX_CAPACITY);
    }
    check.requiredText("worker", request.worker(), MAX_WORKER);
    if (check.accepts("worker") && request.worker().length() > MAX_WORKER) {
      check.reject("worker", "input.long", "worker", MAX_WORKER); // with the white space around it
    }
    check.finish();
  }

  /**
   * The rules that the annotations of {@link SettleRequest} state. They are checked here and not by
   * Bean Validation, which takes longer for a line than all the rest of its way through the server.
   */
  void requireWellFormed(SettleRequest report) {
    InputCheck check = new InputCheck();
    if (report.report() == null) {
      check.reject("report", "input.required", "report");
    }
    if (report.results() == null) {
      check.reject("results", "input.required", "results");
    }
    if (report.nextCapacity() < 0 || report.nextCapacity() > MAX_CAPACITY) {
      check.reject("nextCapacity", "input.range", "nextCapacity", 0, MAX_CAPACITY);
    }
    check.finish();
  }

  private static void requireEachLineOnce(Lease lease, List<LineResult> results) {
    Set<Long> missing = new HashSet<>(lease.lines());
    Set<Long> withdrawn = new HashSet<>(lease.withdrawn()); // results for them are no error
    for (int i = 0; i < results.size(); i++) {
      LineResult result = results.get(i);
      String field = "results[" + i + "]";
      if (result == null || result.outcome() == null) {
        throw new InvalidException(field, "input.required", field);
      }
      if (!missing.remove(result.line()) && !withdrawn.remove(result.line())) {
        throw new InvalidException(field + ".line", "lease.result.line", result.line());
      }
      requireComplete(result, field);
    }
    if (!missing.isEmpty()) {
      throw new InvalidException("results", "lease.result.missing", missing.iterator().next());
    }
  }

  private static void requireComplete(LineResult result, String field) {
    boolean complete =
        switch (result.outcome()) {
          case SUCCEEDED ->
              result.path() != null && result.size() != null && result.sha256() != null;
          case FAILED -> result.failureClass() != null;
          case GIVEN_BACK -> true;
        };
    if (!complete) {
      throw new InvalidException(field, "lease.result.incomplete", result.line());
    }
    requireLength(result.path(), UploadRequest.File.MAX_PATH, field, "path");
    requireLength(result.message(), MAX_MESSAGE, field, "message");
    requireLength(result.output(), MAX_OUTPUT, field, "output");
    if (result.size() != null && result.size() < 0) {
      throw new InvalidException(field + ".size", "input.negative", "size");
    }
    if (result.sha256() != null && !isSha256(result.sha256())) {
      throw new InvalidException(field + ".sha256", "lease.result.sha256", result.line());
    }
    Integer retryAfter = result.retryAfterSeconds();
    if (retryAfter != null && (retryAfter < 0 || retryAfter > MAX_RETRY_AFTER)) {
      String name = "retryAfterSeconds";
      throw new InvalidException(field + "." + name, "input.range", name, 0, MAX_RETRY_AFTER);
    }
  }

  private static void requireLength(String text, int max, String result, String name) {
    if (text != null && text.length() > max) {
      String field = result + "." + name;
      throw new InvalidException(field, "input.long", field, max);
    }
  }

  /**
   * Runs for each line that is ever downloaded, so it looks every digit up without deciding
   * anything: a processor cannot foresee digits of a hash.
   */
  static boolean isSha256(String text) {
    if (text.length() != SHA_256_DIGITS) {
      return false;
    }
    int wrong = 0;
    for (int i = 0; i < SHA_256_DIGITS; i++) {
      char c = text.charAt(i);
      wrong |= (c >>> 7) | NO_DIGIT[c & 127];
    }
    return wrong == 0;
  }

  private static byte[] noDigit() {
    byte[] table = new byte[128];
    Arrays.fill(table, (byte) 1);
    "0123456789abcdef".chars().forEach(digit -> table[digit] = 0);
    return table;
  }
}
