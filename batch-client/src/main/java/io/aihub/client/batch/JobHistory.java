package io.aihub.client.batch;

import jakarta.batch.operations.JobOperator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Keeps Payara's job repository, which stands in memory, from growing for ever: of each worker's
 * jobs only the last few are kept. Payara can only purge whole applications, running jobs included.
 * Thread-safe.
 */
final class JobHistory {

  private static final Logger LOG = Logger.getLogger(JobHistory.class.getName());

  /** The last one may still write its end while the next one starts. */
  private static final int KEPT = 3;

  private final DataSource repository;
  private final JobOperator jobs;
  private final Map<String, Deque<Long>> instances = new HashMap<>();
  private List<String> deletes;

  JobHistory(DataSource repository, JobOperator jobs) {
    this.repository = repository;
    this.jobs = jobs;
  }

  /** A worker's job has been started; its older ones are forgotten. */
  synchronized void started(String worker, long execution) {
    Deque<Long> mine = instances.computeIfAbsent(worker, name -> new ArrayDeque<>());
    mine.addLast(jobs.getJobInstance(execution).getInstanceId());
    while (mine.size() > KEPT) {
      forget(mine.removeFirst());
    }
  }

  private void forget(long instance) {
    try (Connection connection = repository.getConnection()) {
      if (deletes == null) {
        deletes = deletes(connection);
      }
      for (String delete : deletes) {
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
          statement.setLong(1, instance);
          statement.executeUpdate();
        }
      }
    } catch (SQLException failure) { // costs some kilobytes, no more
      LOG.log(Level.FINE, "A job was not forgotten", failure);
    }
  }

  /** In the order that the foreign keys ask for; Payara puts a prefix before the names. */
  private static List<String> deletes(Connection connection) throws SQLException {
    String checkpoints = null;
    String steps = null;
    String executions = null;
    String instances = null;
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT table_schema, table_name FROM information_schema.tables"
                    + " WHERE table_name LIKE '%DATA'");
        ResultSet tables = query.executeQuery()) {
      while (tables.next()) {
        String name = tables.getString(2);
        String quoted = '"' + tables.getString(1) + "\".\"" + name + '"';
        if (name.endsWith("CHECKPOINTDATA")) {
          checkpoints = quoted;
        } else if (name.endsWith("STEPEXECUTIONINSTANCEDATA")) {
          steps = quoted;
        } else if (name.endsWith("EXECUTIONINSTANCEDATA")) {
          executions = quoted;
        } else if (name.endsWith("JOBINSTANCEDATA")) {
          instances = quoted;
        }
      }
    }
    if (checkpoints == null || steps == null || executions == null || instances == null) {
      throw new SQLException("the job repository has other tables than expected");
    }
    List<String> deletes = new ArrayList<>();
    deletes.add("DELETE FROM " + checkpoints + " WHERE id LIKE CAST(? AS VARCHAR) || ',%'");
    deletes.add(
        "DELETE FROM %s WHERE jobexecid IN (SELECT jobexecid FROM %s WHERE jobinstanceid = ?)"
            .formatted(steps, executions));
    deletes.add("DELETE FROM " + executions + " WHERE jobinstanceid = ?");
    deletes.add("DELETE FROM " + instances + " WHERE jobinstanceid = ?");
    return deletes;
  }
}
