package io.aihub.queue.boundary;

import io.aihub.identity.control.UserRepository;
import io.aihub.queue.api.LedgerCheck;
import io.aihub.queue.api.LedgerReport;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.LedgerAudit;
import io.aihub.queue.control.LedgerAudit.Audit;
import io.aihub.queue.control.LedgerAudit.Fault;
import io.aihub.shared.Reason;
import io.aihub.task.boundary.TaskService;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.util.List;
import java.util.Locale;

/**
 * Lets an admin see for themselves that no line is lost or counted twice. Reads the segments of a
 * task, its failures and its leases once, in one snapshot; changes and locks nothing.
 */
@Stateless
@Interceptors(DatabaseOutage.class)
public class LedgerCheckService {

  @Inject UserRepository users;
  @Inject TaskService tasks;
  @Inject LedgerAudit audit;

  /**
   * Checks one task; only admins may.
   *
   * @param reader language of the fault's words
   */
  public LedgerCheck check(String actor, long taskId, Locale reader) {
    users.admin(actor);
    tasks.get(taskId);
    return check(taskId, reader);
  }

  /** Checks every task whose index has been looked into, one by one; only admins may. */
  public LedgerReport checkAll(String actor, Locale reader) {
    users.admin(actor);
    List<Long> ids = audit.tasks();
    return new LedgerReport(
        ids.size(),
        ids.stream().map(id -> check(id, reader)).filter(check -> !check.sound()).toList());
  }

  private LedgerCheck check(long taskId, Locale reader) {
    Audit found = audit.audit(taskId);
    return new LedgerCheck(
        taskId,
        found.firstFault().isEmpty(),
        found.segments(),
        found.lines(),
        found.firstFault().map(fault -> inWords(fault, reader)).orElse(null));
  }

  private static LedgerCheck.Fault inWords(Fault fault, Locale reader) {
    Reason reason =
        Reason.of(
            "ledger." + fault.counter().replace(' ', '.'),
            fault.segmentNo(),
            fault.counted(),
            fault.found());
    return new LedgerCheck.Fault(
        fault.segmentNo(), fault.counter(), fault.counted(), fault.found(), reason.message(reader));
  }
}
