package io.aihub.benchmark.script;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.RenewAnswer;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.api.UploadAnswer;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays server, relay and origin for one client, so that a figure is the client's alone: it never
 * runs out of lines, throws uploads away, and knows which worker downloads by the address it gave.
 * The origin has a port of its own: scripts are kept away from the server's and the relay's.
 */
final class PlayedServer implements AutoCloseable {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final int TIME_LIMIT = 600;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;
  private final HttpServer origin;
  private final byte[] script;
  private final byte[] file = new byte[FileOrigin.FILE_BYTES];
  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong downloads = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();
  private final Map<String, String> workers = new ConcurrentHashMap<>();
  private final Map<String, Long> firstFiles = new ConcurrentHashMap<>();

  PlayedServer(Path script) throws IOException {
    // without it an answer's body waits for the acknowledgement of its head
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.script = Files.readAllBytes(script);
    new Random(1).nextBytes(file);
    http = create();
    origin = create();
    http.createContext("/aihub/api/leases", this::leases);
    http.createContext("/aihub/api/scripts/", exchange -> send(exchange, 200, this.script));
    http.createContext("/aihub/api/machines/", exchange -> send(exchange, 204, null));
    http.createContext("/store/", this::store);
    origin.createContext("/file/", this::download);
    http.start();
    origin.start();
  }

  private HttpServer create() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    return server;
  }

  /** Of server and relay. */
  String url() {
    return url(http);
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Files that were fetched so far. */
  long downloads() {
    return downloads.get();
  }

  /** Files that were uploaded so far. */
  long stored() {
    return stored.get();
  }

  /** When each worker got its first file, in {@link System#nanoTime()}. */
  List<Long> firstFiles() {
    return firstFiles.values().stream().sorted().toList();
  }

  private void leases(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] asked = exchange.getRequestBody().readAllBytes();
    String[] parts = path.split("/", -1); // "", aihub, api, leases, ID, what
    Object answer;
    if (parts.length == 4) {
      LeaseRequest request = JSON.readValue(asked, LeaseRequest.class);
      UUID lease = UUID.randomUUID();
      workers.put(lease.toString(), request.worker());
      answer = grant(lease, 1, request.capacity());
    } else if (parts[5].equals("settle")) {
      SettleRequest report = JSON.readValue(asked, SettleRequest.class);
      UUID lease = UUID.fromString(parts[4]);
      answer =
          new SettleAnswer(
              report.results().size(),
              0,
              0,
              0,
              report.nextCapacity() == 0
                  ? null
                  : grant(lease, report.sequence() + 1, report.nextCapacity()),
              null);
    } else if (parts[5].equals("uploads")) {
      UploadRequest request = JSON.readValue(asked, UploadRequest.class);
      answer = new UploadAnswer(request.files().stream().map(this::put).toList());
    } else {
      answer = new RenewAnswer(TIME_LIMIT, false, List.of());
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, 200, JSON.writeValueAsBytes(answer));
  }

  private LeaseGrant grant(UUID lease, long sequence, int capacity) {
    String worker = workers.get(lease.toString());
    long first = lines.getAndAdd(capacity) + 1;
    List<LeasedLine> leased =
        LongStream.range(first, first + capacity)
            .mapToObj(
                line ->
                    new LeasedLine(
                        line,
                        1,
                        url(origin) + "/file/" + worker + "/" + line + "|==|/" + line + "/_/a.jpg"))
            .toList();
    return new LeaseGrant(lease, sequence, 1, sha256(script), TIME_LIMIT, TIME_LIMIT, leased, null);
  }

  private UploadGrant put(UploadRequest.File asked) {
    return new UploadGrant(
        asked.line(),
        UploadGrant.Decision.PUT,
        "PUT",
        url() + "/store/" + asked.line(),
        Map.of(),
        null,
        null);
  }

  private void download(HttpExchange exchange) throws IOException {
    String worker = exchange.getRequestURI().getPath().split("/", -1)[2];
    send(exchange, 200, file);
    firstFiles.putIfAbsent(worker, System.nanoTime());
    downloads.incrementAndGet();
  }

  private void store(HttpExchange exchange) throws IOException {
    try (InputStream body = exchange.getRequestBody()) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    stored.incrementAndGet();
    send(exchange, 200, new byte[0]);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean none = body == null || body.length == 0;
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    origin.stop(0);
    threads.shutdownNow();
  }
}
