package io.aihub.queue.boundary;

import io.aihub.queue.control.ClosingBacklog;
import io.aihub.queue.control.Expiry;
import io.aihub.queue.control.FailureLog;
import io.aihub.queue.control.FailureRetries;
import io.aihub.queue.control.GroupCommit;
import io.aihub.queue.control.IndexReader;
import io.aihub.queue.control.IngestRepository;
import io.aihub.queue.control.LeaseBatch;
import io.aihub.queue.control.LeaseMemory;
import io.aihub.queue.control.LeaseRepository;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LeasedText;
import io.aihub.queue.control.LedgerAudit;
import io.aihub.queue.control.LedgerWriter;
import io.aihub.queue.control.LimitRepository;
import io.aihub.queue.control.LineSupply;
import io.aihub.queue.control.LineTaker;
import io.aihub.queue.control.ManifestWriter;
import io.aihub.queue.control.PinnedIndex;
import io.aihub.queue.control.Quarantine;
import io.aihub.queue.control.QueueSettings;
import io.aihub.queue.control.RetryPolicy;
import io.aihub.queue.control.SegmentRepository;
import io.aihub.queue.control.SegmentTexts;
import io.aihub.queue.control.SlowLeases;
import io.aihub.queue.control.SupplyMemory;
import io.aihub.queue.control.TaskCompletion;
import io.aihub.queue.control.Transactions;
import io.aihub.queue.control.UploadGrants;
import io.aihub.queue.control.UploadVerifier;
import io.aihub.queue.control.WorkPool;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.RelaySigner;
import io.aihub.task.boundary.TaskLifecycle;
import io.aihub.task.boundary.TaskService;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/** One server's services put together by hand, with caches and threads of their own. */
@SuppressWarnings("UnnecessaryAssignment") // no container is there to inject
final class QueueServer implements AutoCloseable {

  final LeaseService leases = new LeaseService();
  final LedgerService ledger = new LedgerService();
  final IngestService ingest = new IngestService();
  final ExpiryService expiry = new ExpiryService();
  final SegmentService segments = new SegmentService();
  final UploadService uploads = new UploadService();
  final FailureRetryService retries = new FailureRetryService();

  final LimitRepository limits;
  final GroupCommit commit;
  final SegmentTexts texts;
  final AtomicInteger transactionCount = new AtomicInteger();

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What a server finds where it starts. */
  record Surroundings(
      Jdbi jdbi,
      Clock clock,
      QueueSettings settings,
      ObjectStore store,
      RelaySigner signer,
      TaskLifecycle lifecycle,
      TaskService tasks) {}

  QueueServer(Surroundings around) {
    Jdbi jdbi = around.jdbi();
    Clock clock = around.clock();
    QueueSettings settings = around.settings();
    ObjectStore store = around.store();
    RelaySigner signer = around.signer();
    TaskLifecycle lifecycle = around.lifecycle();
    WorkPool pool = new WorkPool(threads);
    Transactions transactions = transactions(jdbi);
    texts = new SegmentTexts(jdbi, store, settings);
    SegmentRepository segmentRows = new SegmentRepository(jdbi);
    FailureLog failureLog = new FailureLog(jdbi);
    LeaseRepository leaseRows = new LeaseRepository(jdbi);
    IngestRepository ingests = new IngestRepository(jdbi);
    LedgerWriter writer = new LedgerWriter(jdbi, failureLog);
    LeasedTasks tasks = new LeasedTasks(jdbi);
    LeaseMemory memory = new LeaseMemory(leaseRows);
    limits = new LimitRepository(jdbi);
    LineSupply supply =
        new LineSupply(
            settings,
            limits,
            new SupplyMemory(),
            texts,
            new SlowLeases(leaseRows, tasks, texts),
            new LineTaker(segmentRows, failureLog, leaseRows, new Quarantine()));
    LeaseBatch batch =
        new LeaseBatch(
            jdbi, clock, leaseRows, failureLog, supply, writer, new RetryPolicy(settings));
    commit = new GroupCommit(batch, transactions, texts, pool);

    leases.clock = clock;
    leases.settings = settings;
    leases.transactions = transactions;
    leases.leases = leaseRows;
    leases.tasks = tasks;
    leases.memory = memory;
    leases.limits = limits;
    leases.desk = new LeaseDesk(commit, texts, memory, lifecycle, segments);
    leases.reports =
        new ReportCheck(
            tasks, new UploadVerifier(store, pool, settings), new LeasedText(texts, failureLog));

    ledger.jdbi = jdbi;
    ledger.audit = new LedgerAudit(jdbi);

    ingest.clock = clock;
    ingest.transactions = transactions;
    ingest.ingests = ingests;
    ingest.reader = new IndexReader(jdbi, store, ingests, transactions, clock);
    ingest.lifecycle = lifecycle;

    expiry.clock = clock;
    expiry.settings = settings;
    expiry.transactions = transactions;
    expiry.expiry = new Expiry(jdbi, leaseRows, writer, failureLog, texts);

    segments.transactions = transactions;
    segments.completion = new TaskCompletion(jdbi);
    segments.manifest = new ManifestWriter(jdbi, store, transactions);
    segments.backlog = new ClosingBacklog();
    segments.ingests = ingests;
    segments.store = store;
    segments.lifecycle = lifecycle;

    retries.clock = clock;
    retries.transactions = transactions;
    retries.retries = new FailureRetries(jdbi);
    retries.index = new PinnedIndex(jdbi, store);
    retries.tasks = around.tasks();

    uploads.clock = clock;
    uploads.memory = memory;
    uploads.tasks = tasks;
    uploads.grants = new UploadGrants(store, signer);
    uploads.pool = pool;
  }

  private Transactions transactions(Jdbi jdbi) {
    return new Transactions() {
      @Override
      public <T> T call(Supplier<T> work) {
        transactionCount.incrementAndGet();
        return jdbi.inTransaction(handle -> work.get());
      }
    };
  }

  /** Forgets what is in memory; threads that are at work are interrupted. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
