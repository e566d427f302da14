package io.aihub.benchmark.rival;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * db-scheduler as its readme sets it for throughput on PostgreSQL: lock-and-fetch, a one-time task
 * a line.
 */
public final class DbSchedulerQueue implements Rival {

  private static final int THREADS = 16;
  private static final double FETCH_BELOW = 4.0; // executions waiting in memory, a thread
  private static final double FETCH_UP_TO = 20.0;

  private final RivalDatabase database;
  private final HikariDataSource pool;
  private final AtomicLong done = new AtomicLong();

  public DbSchedulerQueue(RivalDatabase database) throws SQLException {
    this.database = database;
    this.pool = database.pool(THREADS + 4);
    database.execute(
        """
        create table scheduled_tasks (
          task_name            text        not null,
          task_instance        text        not null,
          task_data            bytea,
          execution_time       timestamptz not null,
          picked               boolean     not null,
          picked_by            text,
          last_success         timestamptz,
          last_failure         timestamptz,
          consecutive_failures int,
          last_heartbeat       timestamptz,
          version              bigint      not null,
          priority             smallint,
          primary key (task_name, task_instance)
        ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
          autovacuum_vacuum_cost_delay = 0)
        """,
        "create index execution_time_idx on scheduled_tasks (execution_time)",
        "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
  }

  @Override
  public String name() {
    return "db_scheduler";
  }

  @Override
  public int mostJobsPerSecond() {
    return 15_000;
  }

  @Override
  public void fill(int jobs) throws SQLException {
    database.execute(
        "truncate scheduled_tasks",
        "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
            + " select 'download', 'https://images.example.org/' || n, now(), false, 1"
            + " from generate_series(1, "
            + jobs
            + ") n",
        "vacuum analyze scheduled_tasks",
        "checkpoint");
  }

  @Override
  public Work work(long seconds) {
    OneTimeTask<Void> download =
        Tasks.oneTime("download").execute((instance, context) -> done.incrementAndGet());
    Scheduler scheduler =
        Scheduler.create(pool, download)
            .threads(THREADS)
            .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
            .pollingInterval(Duration.ofMillis(100))
            .build();
    scheduler.start();
    try {
      return Window.count(done, seconds);
    } finally {
      scheduler.stop();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
