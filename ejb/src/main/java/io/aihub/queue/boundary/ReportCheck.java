package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.Outcome;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.control.LeaseOrder.Settle;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LeasedText;
import io.aihub.queue.control.UploadVerifier;
import io.aihub.queue.entity.Lease;
import io.aihub.shared.InvalidException;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything about a report that is checked before the transaction that counts it. */
@Dependent
class ReportCheck {

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
        lease.id(),
        report.sequence(),
        report.report(),
        verified,
        anyFailed ? texts.forFailureLog(lease) : null,
        report.nextCapacity());
  }

  /** The lines of a lease, for an answer that is given again. */
  List<LeasedLine> linesOf(Lease lease) {
    return texts.lines(lease);
  }

  private static void requireEachLineOnce(Lease lease, List<LineResult> results) {
    Set<Long> missing = new HashSet<>(lease.lines());
    Set<Long> withdrawn = new HashSet<>(lease.withdrawn()); // results for them are no error
    for (int i = 0; i < results.size(); i++) {
      LineResult result = results.get(i);
      String field = "results[" + i + "]";
      if (!missing.remove(result.line()) && !withdrawn.remove(result.line())) {
        throw new InvalidException(field + ".line", "lease.result.line", result.line());
      }
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
    }
    if (!missing.isEmpty()) {
      throw new InvalidException("results", "lease.result.missing", missing.iterator().next());
    }
  }
}
