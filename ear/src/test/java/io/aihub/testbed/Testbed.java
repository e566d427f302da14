package io.aihub.testbed;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything that a whole-system run needs, on this machine: PostgreSQL, storage, relay, server and
 * any number of clients, each startable, stoppable and killable by itself. A test bed owns its work
 * folder: it ends what an earlier one left running there, and begins with empty data. Logs are in
 * {@code logs} below it.
 */
public final class Testbed implements AutoCloseable {

  public static final String BUCKET = "datasetdownload";
  public static final String INDEX_BUCKET = "dataset-index";
  public static final String ADMIN = "admin";

  /** Where a client keeps Python's library and byte code, which depend on the build alone. */
  private static final Pattern PYTHON = Pattern.compile("[^/]+/work/python(/|$)");

  private final Path build;
  private final Path folder;
  private final Path logs;
  private final Path records;
  private final FileChannel lockFile;
  private final String adminPassword;
  private final PostgresServer postgres;
  private final S3Server storage;
  private final S3Server relay;
  private final PayaraServer server;
  private final List<DownloadClient> clients = new ArrayList<>();

  /** What differs from test bed to test bed; ports of 0 mean any free one. */
  public record Options(int port, int adminPort, String adminPassword) {

    public static Options anyPorts() {
      return new Options(0, 0, "admin-" + Secrets.random());
    }
  }

  /**
   * Prepares the folder and the parts; starts nothing.
   *
   * @param folder the work folder below the build folder; its data of earlier runs is deleted
   */
  public Testbed(Path folder, Options options) throws IOException {
    this.build = buildFolder();
    this.folder = folder.toAbsolutePath();
    this.logs = this.folder.resolve("logs");
    this.records = this.folder.resolve("processes");
    this.adminPassword = options.adminPassword();
    Files.createDirectories(this.folder);
    this.lockFile = lock(this.folder.resolve("lock"));
    ChildProcess.endLeftovers(records);
    clear(this.folder);
    Files.createDirectories(logs);
    logToFile(logs.resolve("testbed.log"));

    postgres =
        new PostgresServer(
            build.resolve("postgres"),
            this.folder.resolve("postgres"),
            logs.resolve("postgres.log"),
            records);
    storage = S3Server.onFolder(this.folder.resolve("storage"));
    relay = S3Server.relayTo(storage);
    int port = options.port() == 0 ? Ports.free() : options.port();
    PayaraDomain domain =
        new PayaraDomain(
            build.resolve("payara6"),
            this.folder.resolve("domain"),
            sources("ear").resolve("src/main/payara"),
            options.adminPort() == 0 ? Ports.free() : options.adminPort());
    domain.create(port);
    server =
        new PayaraServer(
            domain, build.resolve("aihub.ear"), logs.resolve("server.log"), records, port);
    server
        .with("aihub.database.url", postgres.url())
        .with("aihub.database.user", PostgresServer.USER)
        .with("aihub.database.password", postgres.password())
        .with("aihub.storage.endpoint", storage.endpoint())
        .with("aihub.storage.access-key", storage.accessKey())
        .with("aihub.storage.secret-key", storage.secretKey())
        .with("aihub.identity.admin-username", ADMIN)
        .with("aihub.identity.admin-password", adminPassword);
    useRelay(relay.endpoint(), relay.accessKey(), relay.secretKey());
  }

  /** The folder that Maven builds the server into. */
  public static Path buildFolder() {
    return Path.of(System.getProperty("aihub.testbed.build", "target")).toAbsolutePath();
  }

  /** A folder of the project, such as a module or {@code src-docs}. */
  public Path sources(String module) {
    return build.getParent().getParent().resolve(module);
  }

  /** Sends the clients to another relay from the next start of the server on. */
  public void useRelay(URI endpoint, String accessKey, String secretKey) {
    server
        .with("aihub.relay.endpoint", endpoint)
        .with("aihub.relay.access-key", accessKey)
        .with("aihub.relay.secret-key", secretKey);
  }

  /** Has lost lines found and tried again in seconds, from the next start of the server on. */
  public void recoverQuickly() {
    server
        .with("aihub.queue.lease-seconds", 15)
        .with("aihub.queue.retry-base-seconds", 1)
        .with("aihub.queue.poll-seconds", 1);
  }

  /** Starts database, storage and relay. */
  public void startStores() throws IOException {
    storage.start();
    createBuckets();
    relay.start();
    postgres.start();
  }

  private void createBuckets() throws IOException {
    storage.createBucket(BUCKET);
    storage.createBucket(INDEX_BUCKET);
  }

  /** Starts storage or relay in a process of its own: its CPU can be told from that of others. */
  public ChildProcess startApart(S3Server server) throws IOException {
    if (server == storage) {
      createBuckets();
    }
    return server.startApart(logs.resolve(server.accessKey() + ".log"), records);
  }

  /** Starts everything but clients, and waits until the server is ready. */
  public void start() throws IOException {
    startStores();
    server.start();
  }

  /** Prepares a client; {@link DownloadClient#start} starts it. */
  public DownloadClient client(String name, String token) {
    DownloadClient added =
        new DownloadClient(
                name,
                sources("batch-client"),
                folder.resolve(name),
                logs.resolve(name + ".log"),
                records)
            .with("aihub.client.server", server.url())
            .with("aihub.client.token", token)
            .with("aihub.client.work-dir", folder.resolve(name).resolve("work"));
    clients.add(added);
    return added;
  }

  /** An nginx in front of the storage. */
  public NginxRelay nginx(Path program) {
    return new NginxRelay(
        program,
        sources("ear").resolve("src/main/docker/relay.conf.template"),
        storage.endpoint(),
        folder.resolve("nginx"),
        logs.resolve("nginx.log"),
        records);
  }

  /** A package index with the packages of the client's own tests. */
  public PackageIndex packageIndex() {
    return new PackageIndex(
        sources("batch-client").resolve("target/test-classes"),
        logs.resolve("package-index.log"),
        records);
  }

  /** The interface for people's programs, signed in as the admin. */
  public Api admin() {
    return new Api(server.url(), ADMIN, adminPassword);
  }

  public String adminPassword() {
    return adminPassword;
  }

  /** The same for someone else. */
  public Api user(String username, String password) {
    return new Api(server.url(), username, password);
  }

  public PostgresServer postgres() {
    return postgres;
  }

  public S3Server storage() {
    return storage;
  }

  public S3Server relay() {
    return relay;
  }

  public PayaraServer server() {
    return server;
  }

  public List<DownloadClient> clients() {
    return List.copyOf(clients);
  }

  public Path folder() {
    return folder;
  }

  public Path logs() {
    return logs;
  }

  /** Ends everything; logs and data stay to be looked at until the next run. */
  @Override
  public void close() throws IOException {
    clients.parallelStream().forEach(DownloadClient::stop);
    server.stop();
    relay.stop();
    storage.stop();
    postgres.stop();
    lockFile.close();
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "Another run uses " + file.getParent() + ": end it first (Ctrl-C in its terminal).");
    }
    return channel;
  }

  /** Deletes all but what costs a client's start half a minute to make again. */
  private static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        String name = folder.relativize(file).toString();
        if (name.isEmpty() || name.equals("lock") || PYTHON.matcher(name).lookingAt()) {
          continue;
        }
        try {
          Files.delete(file);
        } catch (DirectoryNotEmptyException e) {
          // a folder above one that is kept
        }
      }
    }
  }

  /** The parts within this JVM log there, and not to the screen. */
  private static void logToFile(Path file) throws IOException {
    LogManager.getLogManager().reset();
    Handler handler = new FileHandler(file.toString(), true);
    handler.setFormatter(new SimpleFormatter());
    handler.setLevel(Level.INFO);
    Logger.getLogger("").addHandler(handler);
  }
}
