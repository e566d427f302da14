package io.aihub.benchmark.rival;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The row-a-line queue as somebody who knows PostgreSQL writes it: a partial index on what is
 * ready, claims of ten with SKIP LOCKED, the report of the last ten and the next claim in one
 * transaction, prepared statements, one connection a thread, and autovacuum that comes early.
 */
public final class RowQueue implements Rival {

  private static final int BATCH = 10;
  private static final int THREADS = 16;

  private static final String CLAIM =
      """
      with next as (
        select id from job where state = 0 order by id limit %d for update skip locked)
      update job set state = 1, worker = ?, leased_until = now() + interval '2 minutes'
      from next where job.id = next.id
      returning job.id, job.payload
      """
          .formatted(BATCH);
  private static final String REPORT =
      """
      update job set state = 2, size = 20000, sha256 = ?, done_at = now() where id = any (?)
      """;

  private final RivalDatabase database;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  public RowQueue(RivalDatabase database) throws SQLException {
    this.database = database;
    database.execute(
        """
        create table job (
          id           bigint primary key,
          state        smallint not null default 0, -- 0 ready, 1 leased, 2 done
          payload      text     not null,
          worker       text,
          leased_until timestamptz,
          size         bigint,
          sha256       text,
          done_at      timestamptz
        ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0,
          autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1,
          autovacuum_vacuum_cost_delay = 0)
        """,
        "create index job_ready on job (id) where state = 0",
        "alter system set autovacuum_naptime = '5s'",
        "select pg_reload_conf()");
  }

  @Override
  public String name() {
    return "row_queue";
  }

  @Override
  public int mostJobsPerSecond() {
    return 60_000;
  }

  @Override
  public void fill(int jobs) throws SQLException {
    database.execute(
        "truncate job",
        "insert into job (id, payload) select n, rpad('https://images.example.org/' || n, 99, 'x')"
            + " from generate_series(1, "
            + jobs
            + ") n",
        "vacuum analyze job",
        "checkpoint");
  }

  @Override
  public Work work(long seconds) throws Exception {
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    List<Callable<Long>> workers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String worker = "worker-" + i;
      workers.add(() -> work(worker, end));
    }
    long done = 0;
    for (Future<Long> worker : threads.invokeAll(workers)) {
      done += worker.get();
    }
    return new Work(done, (System.nanoTime() - start) / 1e9);
  }

  private long work(String worker, long end) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement claim = connection.prepareStatement(CLAIM);
        PreparedStatement report = connection.prepareStatement(REPORT)) {
      connection.setAutoCommit(false);
      claim.setString(1, worker);
      List<Long> held = claim(claim);
      connection.commit();
      long done = 0;
      while (System.nanoTime() < end) {
        if (held.isEmpty()) {
          throw new IllegalStateException("The row queue has run dry: fill it with more");
        }
        Array ids = connection.createArrayOf("bigint", held.toArray());
        report.setString(1, "0123456789abcdef".repeat(4));
        report.setArray(2, ids);
        done += report.executeUpdate();
        held = claim(claim);
        connection.commit();
      }
      return done;
    }
  }

  private static List<Long> claim(PreparedStatement claim) throws SQLException {
    List<Long> ids = new ArrayList<>(BATCH);
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
        rows.getString(2); // the line, which a worker needs
      }
    }
    return ids;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
