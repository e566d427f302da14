package io.aihub.queue.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LedgerView;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.control.Expiry;
import io.aihub.queue.control.FailureLog;
import io.aihub.queue.control.GroupCommit;
import io.aihub.queue.control.IndexReader;
import io.aihub.queue.control.Ingest;
import io.aihub.queue.control.IngestRepository;
import io.aihub.queue.control.LeaseBatch;
import io.aihub.queue.control.LeaseMemory;
import io.aihub.queue.control.LeaseRepository;
import io.aihub.queue.control.LeasedTasks;
import io.aihub.queue.control.LeasedText;
import io.aihub.queue.control.LedgerAudit;
import io.aihub.queue.control.LedgerWriter;
import io.aihub.queue.control.LineTaker;
import io.aihub.queue.control.ManifestWriter;
import io.aihub.queue.control.QueueSettings;
import io.aihub.queue.control.RetryPolicy;
import io.aihub.queue.control.SegmentRepository;
import io.aihub.queue.control.SegmentTexts;
import io.aihub.queue.control.Transactions;
import io.aihub.queue.control.UploadGrants;
import io.aihub.queue.control.UploadVerifier;
import io.aihub.queue.control.WorkFinder;
import io.aihub.queue.control.WorkPool;
import io.aihub.shared.Reason;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.RelaySigner;
import io.aihub.storage.control.StorageSettings;
import io.aihub.task.boundary.TaskLifecycle;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import io.aihub.testing.TestStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jdbi.v3.core.Jdbi;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The queue put together by hand, on a real PostgreSQL and a real S3 server. */
@SuppressWarnings("UnnecessaryAssignment") // no container is there to inject
final class QueueFixture implements AutoCloseable {

  static final MachineIdentity TOKYO = new MachineIdentity(1, "tokyo-1", "abroad");
  static final MachineIdentity PARIS = new MachineIdentity(2, "paris-1", "abroad");
  static final MachineIdentity OTHER_TAG = new MachineIdentity(3, "rome-1", "elsewhere");
  static final String SCRIPT = "a".repeat(64);

  final SettableClock clock = new SettableClock();
  final TestStorage storage = new TestStorage();
  final Jdbi jdbi;
  final LeaseService leases = new LeaseService();
  final LedgerService ledger = new LedgerService();
  final IngestService ingest = new IngestService();
  final ExpiryService expiry = new ExpiryService();
  final SegmentService segments = new SegmentService();
  final UploadService uploads = new UploadService();
  final List<Reason> failures = new ArrayList<>();
  final ObjectStore store;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RelaySigner signer;

  QueueFixture(TestDatabase database) {
    this(database, Function.identity());
  }

  /**
   * @param reroute changes the way to storage
   */
  QueueFixture(TestDatabase database, Function<StorageSettings, StorageSettings> reroute) {
    jdbi = database.jdbi();
    clean();
    QueueSettings settings = QueueSettings.DEFAULTS;
    store = new ObjectStore(reroute.apply(storage.settings()));
    signer = new RelaySigner(storage.settings());
    WorkPool pool = new WorkPool(threads);
    Transactions transactions = transactions();
    TaskLifecycle lifecycle = lifecycle();
    SegmentTexts texts = new SegmentTexts(jdbi, store, settings);
    SegmentRepository segmentRows = new SegmentRepository(jdbi);
    FailureLog failureLog = new FailureLog(jdbi);
    LeaseRepository leaseRows = new LeaseRepository(jdbi);
    IngestRepository ingests = new IngestRepository(jdbi);
    LineTaker taker = new LineTaker(segmentRows, failureLog);
    LedgerWriter writer = new LedgerWriter(jdbi, failureLog);
    LeasedTasks tasks = new LeasedTasks(jdbi);
    LeaseMemory memory = new LeaseMemory(leaseRows);
    LeaseBatch batch =
        new LeaseBatch(
            clock,
            settings,
            leaseRows,
            segmentRows,
            failureLog,
            new WorkFinder(jdbi),
            texts,
            taker,
            writer,
            new RetryPolicy(settings));

    leases.clock = clock;
    leases.settings = settings;
    leases.transactions = transactions;
    leases.leases = leaseRows;
    leases.tasks = tasks;
    leases.memory = memory;
    leases.desk =
        new LeaseDesk(new GroupCommit(batch, transactions, texts, pool), texts, memory, lifecycle);
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
    expiry.expiry = new Expiry(leaseRows, writer, failureLog, texts);

    segments.manifest = new ManifestWriter(jdbi, store, transactions);
    segments.ingests = ingests;
    segments.store = store;
    segments.lifecycle = lifecycle;

    uploads.clock = clock;
    uploads.leases = leaseRows;
    uploads.tasks = tasks;
    uploads.grants = new UploadGrants(store, signer);
    uploads.pool = pool;
  }

  private void clean() {
    jdbi.useHandle(
        handle -> {
          handle.execute(
              """
              truncate lease, returned_range, failed_line, failure_count, manifest_chunk, segment,
                index_ingest, state_transition, download_task, script_version, user_account
              """);
          for (int id = 1; id <= 2; id++) {
            handle.execute(
                "insert into user_account (id, version, username, display_name, password_hash,"
                    + " admin, active, created_at) values (?, 1, ?, ?, '-', false, true, now())",
                id,
                "user" + id,
                "User " + id);
          }
          handle.execute(
              "insert into script_version (sha256, name, source, author_id, created_at)"
                  + " values (?, 'a.py', '-', 1, now())",
              SCRIPT);
        });
  }

  private Transactions transactions() {
    return new Transactions() {
      @Override
      public <T> T call(Supplier<T> work) {
        return jdbi.inTransaction(handle -> work.get());
      }
    };
  }

  private TaskLifecycle lifecycle() {
    return new TaskLifecycle() {
      @Override
      public void complete(long taskId) {
        become(taskId, "COMPLETED");
      }

      @Override
      public void fail(long taskId, Reason why) {
        failures.add(why);
        become(taskId, "FAILED");
      }
    };
  }

  void become(long taskId, String state) {
    jdbi.useHandle(
        handle -> handle.execute("update download_task set state = ? where id = ?", state, taskId));
  }

  String state(long taskId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select state from download_task where id = ?")
                .bind(0, taskId)
                .mapTo(String.class)
                .one());
  }

  /** An approved task of low priority for the tag of most machines here. */
  long task(String indexAddress) {
    return task(indexAddress, "abroad", 0);
  }

  long task(String indexAddress, String tag, int priority) {
    return task(indexAddress, tag, priority, "UTF_8", false);
  }

  long task(String indexAddress, String tag, int priority, String charset, boolean overwrite) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    insert into download_task (id, version, name, priority, expected_delivery_at,
                      type, submitter_id, receiver_id, machine_tag, index_address, index_charset,
                      target_path, purpose, script_sha256, overwrite, state, created_at,
                      approved_at)
                    select n, 1, 'task' || n, :priority, :now, 'DATA_DOWNLOAD', 1, 2, :tag, :index,
                      :charset, 'set-' || n, 'test', :script, :overwrite, 'IN_PROGRESS', :now,
                      :now
                    from nextval('download_task_seq') n
                    returning id
                    """)
                .bind("priority", priority)
                .bind("now", clock.instant())
                .bind("tag", tag)
                .bind("index", indexAddress)
                .bind("charset", charset)
                .bind("script", SCRIPT)
                .bind("overwrite", overwrite)
                .mapTo(Long.class)
                .one());
  }

  /** An approved task whose index has these lines, read already. */
  long taskOf(String index) {
    return taskOf(index, "abroad", 0);
  }

  long taskOf(String index, String tag, int priority) {
    String key = UUID.randomUUID().toString();
    storage.put(TestStorage.INDEX_BUCKET, key, index);
    long id = task("s3://" + TestStorage.INDEX_BUCKET + "/" + key, tag, priority);
    ingestAll();
    return id;
  }

  static String lines(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(n -> "https://origin/" + n)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  void ingestAll() {
    for (Optional<Ingest> claimed = ingest.claim(); claimed.isPresent(); claimed = ingest.claim()) {
      ingest.read(claimed.get());
    }
  }

  LeaseGrant lease(MachineIdentity machine, int capacity) {
    return leases.lease(machine, new LeaseRequest(capacity, "w1")).grant();
  }

  SettleAnswer settle(MachineIdentity machine, LeaseGrant grant, List<LineResult> results) {
    return settle(machine, grant, results, 0);
  }

  SettleAnswer settle(
      MachineIdentity machine, LeaseGrant grant, List<LineResult> results, int nextCapacity) {
    return leases.settle(
        machine,
        grant.leaseId(),
        new SettleRequest(grant.sequence(), UUID.randomUUID(), results, nextCapacity));
  }

  /** Puts a file for each line into storage and reports it. */
  List<LineResult> uploaded(LeaseGrant grant) {
    return grant.lines().stream().map(line -> uploaded(grant, line)).toList();
  }

  LineResult uploaded(LeaseGrant grant, LeasedLine line) {
    byte[] content = ("content of " + line.line()).getBytes(StandardCharsets.UTF_8);
    String path = line.line() + ".bin";
    String key = "set-" + grant.taskId() + "/" + path;
    storage
        .s3()
        .putObject(
            put ->
                put.bucket(TestStorage.BUCKET)
                    .key(key)
                    .metadata(
                        Map.of(
                            "aihub-line",
                            grant.taskId() + "/" + line.line(),
                            "aihub-sha256",
                            sha256(content))),
            RequestBody.fromBytes(content));
    return LineResult.succeeded(line.line(), path, content.length, sha256(content));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }

  static LineResult failed(LeasedLine line, FailureClass failureClass) {
    return LineResult.failed(line.line(), failureClass, "it broke", "last words", null);
  }

  /** The manifest of a task, part by part. */
  List<String> manifest(long taskId) {
    return storage
        .s3()
        .listObjectsV2(
            list -> list.bucket(TestStorage.BUCKET).prefix("set-" + taskId + "/_manifest/"))
        .contents()
        .stream()
        .map(S3Object::key)
        .sorted()
        .flatMap(key -> unpacked(storage.get(TestStorage.BUCKET, key)).lines())
        .toList();
  }

  static String unpacked(byte[] gzip) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  static byte[] packed(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return bytes.toByteArray();
  }

  /** The ledger, having seen that it balances. */
  LedgerView ledger(long taskId) {
    LedgerView view = ledger.ledger(taskId);
    assertThat(view.balances()).as("%s", view).isTrue();
    assertThat(ledger.verify(taskId)).isEmpty();
    return view;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    store.close();
    signer.close();
    storage.close();
  }
}
