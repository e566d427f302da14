package io.aihub.queue.boundary;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.LedgerAudit;
import io.aihub.queue.control.LedgerAudit.Fault;
import io.aihub.shared.Page;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Reads what has become of the lines of tasks: sums over the counters of segments, never counts of
 * lines.
 */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class LedgerService {

  private static final LedgerView NOTHING = new LedgerView(0, 0, 0, 0, 0, 0, 0, 0, false);

  @Inject Jdbi jdbi;
  @Inject LedgerAudit audit;

  /** The ledger of one task; all zero where nothing of its index has been read. */
  public LedgerView ledger(long taskId) {
    return ledgers(List.of(taskId)).get(taskId);
  }

  /** The ledgers of many tasks by task id, for lists; every id asked for has an entry. */
  public Map<Long, LedgerView> ledgers(Collection<Long> taskIds) {
    Map<Long, LedgerView> ledgers = new HashMap<>();
    taskIds.forEach(id -> ledgers.put(id, NOTHING));
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select i.task_id, i.state = 'READ' as index_read, s.*
                    from index_ingest i
                    cross join lateral (
                      select coalesce(sum(line_count), 0) as lines,
                        coalesce(sum(succeeded), 0) as succeeded,
                        coalesce(sum(failed), 0) as failed, coalesce(sum(skipped), 0) as skipped,
                        coalesce(sum(leased), 0) as leased, coalesce(sum(waiting), 0) as waiting,
                        coalesce(sum(line_count - cursor + returned), 0) as not_handed_out,
                        coalesce(sum(bytes), 0) as bytes
                      from segment where task_id = i.task_id) s
                    where i.task_id = any(:ids)
                    """)
                .bindArray("ids", Long.class, taskIds)
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getLong("task_id"),
                            new LedgerView(
                                row.getLong("lines"),
                                row.getLong("succeeded"),
                                row.getLong("failed"),
                                row.getLong("skipped"),
                                row.getLong("leased"),
                                row.getLong("waiting"),
                                row.getLong("not_handed_out"),
                                row.getLong("bytes"),
                                row.getBoolean("index_read"))))
                .forEach(entry -> ledgers.put(entry.getKey(), entry.getValue())));
    return ledgers;
  }

  /**
   * Counts what the counters stand for and names the first segment that is off; empty where all is
   * well. For operators and tests: it takes as long as the task has failures.
   */
  public Optional<Fault> verify(long taskId) {
    return audit.firstFault(taskId);
  }

  /** How many lines of a task have failed for good, by class. */
  public Map<FailureClass, Long> failuresByClass(long taskId) {
    Map<FailureClass, Long> counts = new EnumMap<>(FailureClass.class);
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select class, sum(failed) as failed from failure_count
                    where task_id = :taskId group by class having sum(failed) > 0
                    """)
                .bind("taskId", taskId)
                .map(
                    (row, context) ->
                        Map.entry(
                            FailureClass.valueOf(row.getString("class")), row.getLong("failed")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
    return counts;
  }

  /**
   * A page of the failure log in the order of the lines.
   *
   * @param only show this class alone; null means all
   * @param finalOnly leave out lines that wait to be tried again
   */
  public Page<FailureView> failures(
      long taskId, FailureClass only, boolean finalOnly, int offset, int limit) {
    String name = only == null ? null : only.name();
    String ofClass = only == null ? "" : " and class = :class";
    return jdbi.withHandle(
        handle -> {
          List<FailureView> rows =
              handle
                  .createQuery(
                      """
                      select * from failed_line
                      where task_id = :taskId
                      """
                          + ofClass
                          + (finalOnly ? " and state = 'FAILED'" : "")
                          + " order by line offset :offset limit :limit")
                  .bind("taskId", taskId)
                  .bind("class", name)
                  .bind("offset", offset)
                  .bind("limit", limit)
                  .configure(
                      SqlStatements.class, statements -> statements.setUnusedBindingAllowed(true))
                  .map(LedgerService::failure)
                  .list();
          long total =
              handle
                  .createQuery(
                      """
                      select coalesce(sum(failed + case when :finalOnly then 0 else pending end), 0)
                      from failure_count
                      where task_id = :taskId
                      """
                          + ofClass)
                  .bind("taskId", taskId)
                  .bind("finalOnly", finalOnly)
                  .bind("class", name)
                  .configure(
                      SqlStatements.class, statements -> statements.setUnusedBindingAllowed(true))
                  .mapTo(Long.class)
                  .one();
          return new Page<>(rows, offset, total);
        });
  }

  private static FailureView failure(ResultSet row, StatementContext context) throws SQLException {
    return new FailureView(
        row.getLong("line"),
        row.getString("text"),
        row.getString("state").equals("FAILED"),
        row.getInt("attempts") + row.getInt("losses") + row.getInt("earlier"),
        FailureClass.valueOf(row.getString("class")),
        row.getString("message"),
        row.getString("output"),
        row.getString("machine"),
        instant(row, "at"),
        instant(row, "due_at"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
