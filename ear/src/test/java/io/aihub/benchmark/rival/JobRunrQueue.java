package io.aihub.benchmark.rival;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.BackgroundJobRequest;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/** JobRunr with a job request a line, enqueued in bulk, and the shortest poll it allows. */
public final class JobRunrQueue implements Rival {

  private static final int THREADS = 16;
  private static final AtomicLong DONE = new AtomicLong();

  private final RivalDatabase database;
  private final HikariDataSource pool;

  /** A line to download. */
  public static final class Download implements JobRequest {

    private static final long serialVersionUID = 1L;

    private final String line;

    Download() {
      this(null);
    }

    Download(String line) {
      this.line = line;
    }

    public String getLine() {
      return line;
    }

    @Override
    public Class<Downloader> getJobRequestHandler() {
      return Downloader.class;
    }
  }

  /** Downloads nothing. */
  public static final class Downloader implements JobRequestHandler<Download> {

    @Override
    public void run(Download download) {
      DONE.incrementAndGet();
    }
  }

  public JobRunrQueue(RivalDatabase database) {
    this.database = database;
    this.pool = database.pool(THREADS + 4);
    JobRunr.configure()
        .useStorageProvider(SqlStorageProviderFactory.using(pool))
        .useJsonMapper(new Jackson3JsonMapper())
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(THREADS)
                .andPollInterval(Duration.ofSeconds(5)),
            false)
        .initialize();
  }

  @Override
  public String name() {
    return "jobrunr";
  }

  @Override
  public int mostJobsPerSecond() {
    return 3_000;
  }

  @Override
  public void fill(int jobs) throws SQLException {
    database.execute("truncate jobrunr_jobs");
    BackgroundJobRequest.enqueue(
        IntStream.range(0, jobs).mapToObj(n -> new Download("https://images.example.org/" + n)));
    database.execute("vacuum analyze jobrunr_jobs", "checkpoint");
  }

  @Override
  public Work work(long seconds) {
    JobRunr.getBackgroundJobServer().start();
    try {
      return Window.count(DONE, seconds);
    } finally {
      JobRunr.getBackgroundJobServer().stop();
    }
  }

  @Override
  public void close() {
    JobRunr.destroy();
    pool.close();
  }
}
