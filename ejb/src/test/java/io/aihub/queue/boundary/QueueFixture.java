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
import io.aihub.queue.control.Ingest;
import io.aihub.queue.control.LimitRepository;
import io.aihub.queue.control.QueueSettings;
import io.aihub.queue.control.SegmentTexts;
import io.aihub.shared.ConflictException;
import io.aihub.shared.Reason;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.RelaySigner;
import io.aihub.storage.control.StorageSettings;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskLifecycle;
import io.aihub.task.boundary.TaskService;
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
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The queue put together by hand, on a real PostgreSQL and a real S3 server. */
final class QueueFixture implements AutoCloseable {

  static final MachineIdentity TOKYO = new MachineIdentity(1, "tokyo-1", "abroad");
  static final MachineIdentity PARIS = new MachineIdentity(2, "paris-1", "abroad");
  static final MachineIdentity OTHER_TAG = new MachineIdentity(3, "rome-1", "elsewhere");
  static final String SCRIPT = "a".repeat(64);

  /** Successes count without a look into storage, for tests of many lines. */
  static final QueueSettings TRUSTING = trusting(QueueSettings.DEFAULTS);

  final SettableClock clock = new SettableClock();
  final TestStorage storage = new TestStorage();
  final Jdbi jdbi;
  final LeaseService leases;
  final LedgerService ledger;
  final IngestService ingest;
  final ExpiryService expiry;
  final SegmentService segments;
  final UploadService uploads;
  final FailureRetryService retries;
  final List<Reason> failures = Collections.synchronizedList(new ArrayList<>());
  final List<Reason> asked =
      Collections.synchronizedList(new ArrayList<>()); // what people wanted to have tried again
  final ObjectStore store;

  final LimitRepository limits;
  final SegmentTexts texts;

  private final QueueServer server;
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final RelaySigner signer;

  QueueFixture(TestDatabase database) {
    this(database, Function.identity(), QueueSettings.DEFAULTS);
  }

  /**
   * @param reroute changes the way to storage
   */
  QueueFixture(
      TestDatabase database,
      Function<StorageSettings, StorageSettings> reroute,
      QueueSettings settings) {
    jdbi = database.jdbi();
    clean();
    store = new ObjectStore(reroute.apply(storage.settings()));
    signer = new RelaySigner(storage.settings());
    server = start(settings);
    leases = server.leases;
    ledger = server.ledger;
    ingest = server.ingest;
    expiry = server.expiry;
    segments = server.segments;
    uploads = server.uploads;
    retries = server.retries;
    limits = server.limits;
    texts = server.texts;
  }

  private static QueueSettings trusting(QueueSettings settings) {
    return new QueueSettings(
        settings.leaseTime(),
        settings.lineTimeLimit(),
        settings.maxAttempts(),
        settings.retryBase(),
        settings.retryMax(),
        settings.pollInterval(),
        settings.segmentCacheBytes(),
        false);
  }

  /** One more server on the same database and storage; it is the caller's to close. */
  QueueServer start(QueueSettings settings) {
    return start(jdbi, settings);
  }

  /** One more server, with a way to the database of its own. */
  QueueServer start(Jdbi way, QueueSettings settings) {
    return new QueueServer(
        new QueueServer.Surroundings(
            way, clock, settings, store, signer, lifecycle(way), tasks(way)));
  }

  private void clean() {
    jdbi.useHandle(
        handle -> {
          handle.execute("alter table lease drop constraint if exists refused");
          handle.execute(
              """
              truncate task_limit, tag_limit, failure_retry, lease, returned_range, failed_line, failure_count,
                manifest_chunk, segment, index_ingest, state_transition, download_task,
                script_version, user_account cascade
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

  private TaskLifecycle lifecycle(Jdbi way) {
    return new TaskLifecycle() {
      @Override
      public void complete(long taskId) {
        end(taskId, "COMPLETED");
      }

      @Override
      public void fail(long taskId, Reason why) {
        if (end(taskId, "FAILED")) {
          failures.add(why);
        }
      }

      private boolean end(long taskId, String state) {
        return way.withHandle(
                handle ->
                    handle.execute(
                        "update download_task set state = ? where id = ? and state = 'IN_PROGRESS'",
                        state,
                        taskId))
            == 1;
      }
    };
  }

  /** What people may do is tested with the tasks; here everybody may do everything. */
  private TaskService tasks(Jdbi way) {
    return new TaskService() {
      @Override
      public TaskView get(long taskId) {
        return null;
      }

      @Override
      public TaskView retryFailures(
          String actor, long taskId, String comment, Supplier<Reason> what) {
        way.useHandle(
            handle -> {
              String state =
                  handle
                      .createQuery("select state from download_task where id = ? for no key update")
                      .bind(0, taskId)
                      .mapTo(String.class)
                      .one();
              if (!state.equals("IN_PROGRESS") && !state.equals("COMPLETED")) {
                throw new ConflictException("task.retry.refused", taskId, state);
              }
              asked.add(what.get());
              handle.execute("update download_task set state = 'IN_PROGRESS' where id = ?", taskId);
            });
        return null;
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

  /** Makes the database refuse the next report on a lease. */
  void refuse(LeaseGrant grant) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "alter table lease add constraint refused check (id <> '%s' or sequence <= %d)"
                    .formatted(grant.leaseId(), grant.sequence())));
  }

  /** Transactions that the server has begun so far. */
  int transactions() {
    return server.transactionCount.get();
  }

  /**
   * Makes calls of which the first begins a transaction that has to wait, and the others come
   * meanwhile; then lets it go on.
   */
  <T> List<Future<T>> meanwhile(Callable<T> first, List<Callable<T>> others) {
    List<Future<T>> answers = new ArrayList<>();
    jdbi.useTransaction(
        handle -> {
          handle.createQuery("select 1 from segment for update").mapTo(Integer.class).list();
          answers.add(callers.submit(first));
          Awaitility.await().until(this::isAnyLockAwaited);
          others.forEach(other -> answers.add(callers.submit(other)));
          Awaitility.await().until(() -> server.commit.waiting() == 1 + others.size());
        });
    return answers;
  }

  private boolean isAnyLockAwaited() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (select 1 from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock')
                    """)
                .mapTo(Boolean.class)
                .one());
  }

  /** Puts a file for each line into storage and reports it. */
  List<LineResult> uploaded(LeaseGrant grant) {
    return grant.lines().stream().map(line -> uploaded(grant, line)).toList();
  }

  /** Reports a file for each line, as if it were in storage; for {@link #TRUSTING} servers. */
  static List<LineResult> done(LeaseGrant grant) {
    return grant.lines().stream().map(QueueFixture::done).toList();
  }

  static LineResult done(LeasedLine line) {
    return LineResult.succeeded(line.line(), line.line() + ".bin", 1, SCRIPT);
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
    String folder =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select target_path || '/' || manifest_folder || '/'
                        from download_task where id = :taskId
                        """)
                    .bind("taskId", taskId)
                    .mapTo(String.class)
                    .one());
    return storage
        .s3()
        .listObjectsV2(list -> list.bucket(TestStorage.BUCKET).prefix(folder).delimiter("/"))
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
    callers.shutdownNow();
    server.close();
    store.close();
    storage.close();
  }
}
