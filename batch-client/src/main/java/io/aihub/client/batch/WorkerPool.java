package io.aihub.client.batch;

import io.aihub.client.lifecycle.Disk;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.lifecycle.WorkFolder;
import io.aihub.client.relay.RelayClient;
import io.aihub.client.relay.Uploader;
import io.aihub.client.script.ScriptRuntime;
import io.aihub.client.script.ScriptStore;
import io.aihub.client.script.packages.PackageStore;
import io.aihub.client.server.ServerClient;
import io.aihub.client.wire.NetworkRules;
import jakarta.annotation.Resource;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The workers of this process. Each one asks the server for lines, runs the job {@code download}
 * while there are any, and asks again when the server said to. No job is started for an empty
 * queue, so an idle client leaves no trace in the job repository.
 */
@ApplicationScoped
public class WorkerPool {

  private static final Logger LOG = Logger.getLogger(WorkerPool.class.getName());
  private static final int UPLOADS_PER_WORKER = 4;
  private static final int MAX_UPLOADS = 64;

  /**
   * Within the 30 s that a container runtime grants: first scripts may end, then they are
   * interrupted.
   */
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(18);

  private static final Duration GIVE_BACK_WITHIN = Duration.ofSeconds(8);
  private static final int TO_BE_RESTARTED = 75; // EX_TEMPFAIL of sysexits.h
  private static final Duration DISK_PAUSE = Duration.ofSeconds(5);

  @Inject private ClientConfig config;
  @Inject private ScriptConfig scriptConfig;
  @Inject private Holding holding;
  @Inject private DrainSignal drain;
  @Resource private ManagedThreadFactory threads;

  @Resource(lookup = "jdbc/__default") // where Payara Micro keeps its jobs
  private DataSource jobRepository;

  private final Clock clock = Clock.systemUTC();
  private final Map<String, Worker> workers = new LinkedHashMap<>();
  private ServerClient server;
  private ScriptRuntime scripts;
  private PackageStore packages;
  private ScriptStore scriptStore;
  private TryOutRunner tryOuts;
  private Disk disk;
  private RunningJobs jobs;
  private RelayClient relay;
  private ExecutorService uploads;
  private ScheduledExecutorService scheduler;
  private final AtomicBoolean ending = new AtomicBoolean();
  private WorkFolder workFolder;

  /** Starts the workers. Called once. */
  void start() {
    int count = config.workers();
    workFolder = WorkFolder.take(config.workDir());
    int uploadThreads = Math.min(MAX_UPLOADS, count * UPLOADS_PER_WORKER);
    server = new ServerClient(config.server(), config.token(), 2 * count + 2);
    NetworkRules rules = scriptConfig.networkRules(config.server());
    relay = new RelayClient(uploadThreads, rules);
    uploads = Executors.newFixedThreadPool(uploadThreads, threads);
    scheduler = Executors.newScheduledThreadPool(2 * count + 2, threads);
    Uploader uploader = new Uploader(server, relay, uploads, holding, drain);
    disk = new Disk(config.workDir(), config.minFreeDiskBytes(), holding);
    jobs = new RunningJobs(new JobHistory(jobRepository, BatchRuntime.getJobOperator()));
    startScripts(rules);
    for (int i = 1; i <= count; i++) {
      String name = "worker-" + i;
      Path folder = config.workDir().resolve("work").resolve(name);
      LineRunner runner =
          new LineRunner(scripts.newContext(folder), scriptStore, disk, holding, drain);
      workers.put(
          name,
          new Worker(
              name,
              folder,
              config.leaseLines(),
              server,
              uploader,
              runner,
              disk,
              holding,
              drain,
              clock));
    }
    workers.values().forEach(worker -> repeat(worker::renewIfDue));
    ErrandReports reports = new ErrandReports(drain);
    tryOuts =
        new TryOutRunner(
            server,
            scripts,
            scriptStore,
            config.workDir().resolve("work").resolve("try-out"),
            threads,
            drain,
            reports);
    Resolver resolver = new Resolver(server, packages, threads, reports);
    repeat(new StatusReporter(server, this, holding, drain, disk, tryOuts, resolver)::tick);
    Duration patience = scriptConfig.stuckPatience();
    repeat(() -> endWhereStuck(patience));
    scheduler.execute(this::bringUp);
    LOG.log(
        Level.INFO,
        "Working for {0} with {1} workers",
        new Object[] {config.server(), Integer.toString(count)});
  }

  Worker worker(String name) {
    return workers.get(name);
  }

  int size() {
    return workers.size();
  }

  int busy() {
    return (int) workers.values().stream().filter(Worker::isBusy).count();
  }

  /** A job has come to its end, well or not. */
  void jobEnded(String name) {
    jobs.ended(name);
    Worker worker = workers.get(name);
    if (!drain.isDraining()) {
      poll(worker, worker.isBusy() ? Duration.ZERO : worker.retryAfter());
    }
  }

  /**
   * Some of Java's computations can't be stopped, a power of huge numbers for one. Its worker has
   * long gone on with the next line, but a thread and its memory are lost until the process ends;
   * whatever runs clients starts it again.
   */
  private void endWhereStuck(Duration patience) {
    if (!drain.isDraining() && ending.compareAndSet(false, true)) {
      if (scripts.isStuckFor(patience)) {
        LOG.severe(
            "A script holds a thread that can't be stopped; the client ends to be restarted");
        threads.newThread(() -> System.exit(TO_BE_RESTARTED)).start();
      } else {
        ending.set(false);
      }
    }
  }

  /** Drains the workers, which takes up to half a minute. Called once. */
  void stop() {
    try {
      drainAndClose();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    } catch (IOException unclean) {
      LOG.log(Level.FINE, "Not closed cleanly", unclean);
    }
  }

  private void drainAndClose() throws InterruptedException, IOException {
    announce("Draining: no new lines; " + busy() + " workers finish theirs");
    drain.begin();
    scripts.drain();
    packages.close();
    tryOuts.close();
    if (!jobs.awaitNone(FINISH_WITHIN)) {
      workers.values().forEach(worker -> scheduler.execute(worker::interrupt));
      jobs.awaitNone(GIVE_BACK_WITHIN);
    }
    workers // a lease may have come too late for a job
        .values()
        .forEach(worker -> jobs.unlessRunning(worker.name(), worker::release));
    scheduler.shutdownNow();
    uploads.shutdownNow();
    workers.values().forEach(Worker::close);
    scripts.close();
    server.close();
    relay.close();
    workFolder.close();
    announce("Drained; " + jobs.count() + " workers could not finish");
  }

  /** The JVM takes the log's handlers away while it shuts down. */
  private static void announce(String message) {
    if (Logger.getLogger("").getHandlers().length > 0) {
      LOG.info(message);
    } else {
      System.out.println(message);
    }
  }

  /**
   * One worker after the other: GraalPy takes seconds to start, so the first ones already work
   * while the later ones start, and no lease waits in a worker that can't begin with it.
   */
  private void bringUp() {
    for (Worker worker : workers.values()) {
      if (drain.isDraining()) {
        return;
      }
      try {
        worker.prepare();
      } catch (RuntimeException notNow) { // told in the log when a line needs it
        LOG.log(Level.FINE, "The script runtime was not started ahead", notNow);
      }
      poll(worker, Duration.ZERO);
    }
  }

  private void startScripts(NetworkRules rules) {
    try {
      scripts =
          new ScriptRuntime(
              config.workDir().resolve("python"), config.javaWire(), scriptConfig.limits(), rules);
      packages = scripts.newPackageStore(scriptConfig.packages(), clock);
      scriptStore = new ScriptStore(server, config.workDir().resolve("scripts"), packages);
    } catch (IOException failure) {
      throw new UncheckedIOException("the script runtime can't be set up", failure);
    }
  }

  private void repeat(Runnable work) {
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException unexpected) { // would end the repetition
                LOG.log(Level.SEVERE, "A background job stumbled and goes on", unexpected);
              }
            },
            1,
            1,
            TimeUnit.SECONDS);
  }

  private void poll(Worker worker, Duration delay) {
    // up to a quarter later, so that a fleet that was told the same time doesn't come back as one
    long jitter =
        delay.isZero() ? 0 : ThreadLocalRandom.current().nextLong(delay.toMillis() / 4 + 1);
    var unused =
        scheduler.schedule(() -> work(worker), delay.toMillis() + jitter, TimeUnit.MILLISECONDS);
  }

  private void work(Worker worker) {
    try {
      if (drain.isDraining()) {
        worker.release();
      } else if (!worker.isBusy() && disk.isLow()) {
        poll(worker, DISK_PAUSE);
      } else if (worker.acquire()) {
        jobs.start(worker.name());
      } else {
        poll(worker, worker.retryAfter());
      }
    } catch (RuntimeException unexpected) {
      LOG.log(Level.SEVERE, worker.name() + " stumbled and goes on", unexpected);
      poll(worker, DISK_PAUSE);
    }
  }
}
