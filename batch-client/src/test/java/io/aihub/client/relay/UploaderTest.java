package io.aihub.client.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.wire.NetworkRules;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LineResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that grants what it is asked for, and a relay that fails at files of line 1. */
class UploaderTest {

  private static final Pattern LINE = Pattern.compile("\"line\":(\\d+)");
  private static final int MANY = 10;

  @TempDir private Path folder;
  private final Holding holding = new Holding();
  private final DrainSignal drain = new DrainSignal();
  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicInteger grants = new AtomicInteger();
  private int mostGrants = Integer.MAX_VALUE;
  private int mostFaults = Integer.MAX_VALUE;
  private HttpServer http;
  private ServerClient server;
  private RelayClient relay;
  private ExecutorService threads;
  private Uploader uploader;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/api/leases", this::grant);
    http.createContext("/relay", this::store);
    http.start();
    server = new ServerClient(URI.create(address("")), "secret", 4);
    relay = new RelayClient(4, NetworkRules.none());
    threads = Executors.newCachedThreadPool();
    uploader = new Uploader(server, relay, threads, holding, drain, Duration.ofMillis(1));
  }

  @AfterEach
  void stop() throws IOException {
    threads.shutdown();
    relay.close();
    server.close();
    http.stop(0);
  }

  @Test
  void aFileThatTheRelayFailsAtWhileOthersAreStoredFailsItsLine() throws Exception {
    List<LineResult> results = upload(1, 2);

    assertThat(results)
        .filteredOn(result -> result.line() == 1)
        .singleElement()
        .satisfies(result -> assertThat(result.failureClass()).isEqualTo(FailureClass.UPLOAD))
        .satisfies(result -> assertThat(result.message()).contains("the relay answered 500"));
    assertThat(results).filteredOn(result -> result.line() == 2).hasSize(1);
    assertThat(faults).hasValueGreaterThan(1);
    assertThat(holding.reason()).isEmpty();
  }

  @Test
  void whereNothingIsStoredTheRelayIsDownAndNoLineFailsForThat() throws Exception {
    mostFaults = MANY;

    assertThat(upload(1)).containsExactly(LineResult.givenBack(1));
    assertThat(faults).hasValue(MANY);
    assertThat(holding.reason()).isPresent();
  }

  @Test
  void aLostLeaseLeavesNoReasonToHold() {
    mostGrants = 2;

    assertThatThrownBy(() -> upload(1)).isInstanceOf(RefusedException.class);
    assertThat(faults).hasValue(2);
    assertThat(holding.reason()).isEmpty();
  }

  private List<LineResult> upload(long... lines) throws Exception {
    List<FinishedFile> files = Arrays.stream(lines).mapToObj(this::file).toList();
    return uploader.upload(UUID.randomUUID(), 1, files);
  }

  private FinishedFile file(long line) {
    try {
      Path file = Files.writeString(folder.resolve("file-" + line), "x");
      return new FinishedFile(line, file, file.getFileName().toString(), 1, "0".repeat(64));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String address(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  private void grant(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (grants.incrementAndGet() > mostGrants) {
      answer(exchange, 409, "{\"code\":\"lease.expired\",\"detail\":\"gone\"}");
      return;
    }
    String granted =
        LINE.matcher(asked)
            .results()
            .map((MatchResult match) -> match.group(1))
            .map(
                line ->
                    "{\"line\":%s,\"decision\":\"PUT\",\"method\":\"PUT\",\"url\":\"%s\",\"headers\":{}}"
                        .formatted(line, address("/relay/" + line)))
            .collect(Collectors.joining(",", "{\"grants\":[", "]}"));
    answer(exchange, 200, granted);
  }

  private void store(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean poor = exchange.getRequestURI().getPath().endsWith("/1");
    if (poor && faults.incrementAndGet() >= mostFaults) {
      drain.begin();
    }
    answer(exchange, poor || grants.get() == 1 ? 500 : 200, "");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
