package io.aihub.client.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.aihub.client.lifecycle.Disk;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Hashes;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.script.ScriptRuntime;
import io.aihub.client.script.ScriptStore;
import io.aihub.client.script.packages.PackageSettings;
import io.aihub.client.server.ServerClient;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.Outcome;
import io.aihub.queue.api.SettleRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lines that the server wants run in a way that this client can't read, as a newer or a broken
 * server may: they aren't run at all, for what isn't read may be what the script is forbidden.
 */
class UnreadableOptionsTest {

  private static final String SCRIPT =
      """
      def download(line, output_local_dir):
          with open(output_local_dir + '/file', 'w') as file:
              file.write(line)
          return 'file'
      """;

  private static final String SHA256 = Hashes.sha256(SCRIPT.getBytes(StandardCharsets.UTF_8));
  private static final String REASON = "in a way that this client doesn't know";

  private final List<String> fetched = new CopyOnWriteArrayList<>();
  private final List<String> reported = new CopyOnWriteArrayList<>();
  private final DrainSignal drain = new DrainSignal();
  private final Holding holding = new Holding();
  private String options;
  private HttpServer http;
  private ServerClient server;
  private ScriptRuntime runtime;
  private ScriptStore scripts;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.start();
    URI address = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    server = new ServerClient(address, "secret", 4);
    runtime = new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath());
    scripts =
        new ScriptStore(
            server,
            folder.resolve("scripts"),
            runtime.newPackageStore(PackageSettings.DEFAULT, Clock.systemUTC()));
  }

  @AfterEach
  void stop() throws IOException {
    runtime.close();
    server.close();
    http.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String answer = "";
    if (path.contains("/scripts/")) {
      fetched.add(path);
      answer = SCRIPT;
    } else if (path.endsWith("/results")) {
      reported.add(body);
    } else if (path.endsWith("/status")) {
      answer =
          "{\"tryOut\":{\"id\":5,\"scriptSha256\":\"%s\",\"lineTimeLimitSeconds\":60,\"lines\":[{\"line\":1,\"text\":\"a\"},{\"line\":2,\"text\":\"b\"}],\"options\":%s}}"
              .formatted(SHA256, options);
    } else if (path.endsWith("/settle")) {
      answer = "{\"next\":%s}".formatted(grant());
    } else {
      answer = grant();
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(
        bytes.length == 0 ? 204 : 200, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String grant() {
    return """
        {"leaseId":"%s","sequence":1,"taskId":7,"scriptSha256":"%s","secondsToLive":120,
         "lineTimeLimitSeconds":60,"lines":[{"line":1,"attempt":1,"text":"a"}],"options":%s}
        """
        .formatted(UUID.randomUUID(), SHA256, options);
  }

  private LineWork run(LeaseGrant grant) throws IOException {
    Path files = Files.createDirectories(folder.resolve("worker"));
    Disk disk = new Disk(folder, 0, holding);
    try (LineRunner runner =
        new LineRunner(runtime.newContext(files), scripts, disk, holding, drain)) {
      return runner.run(grant, grant.lines().get(0), files.resolve("line"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "[]", "{\"maxBytes\":10}", "{\"allowedHosts\":\"a\"}"})
  void aLineIsGivenBackAndItsScriptNeverRuns(String unreadable) throws Exception {
    options = unreadable;
    drain.begin(); // or each line would be kept for some seconds before it is given back

    for (LeaseGrant grant :
        List.of(
            server.lease(new LeaseRequest(1, "w")).grant(),
            server
                .settle(UUID.randomUUID(), new SettleRequest(1, UUID.randomUUID(), List.of(), 1))
                .next())) {
      LineWork work = run(grant);

      assertThat(work.file()).isNull();
      assertThat(work.result().outcome()).isEqualTo(Outcome.GIVEN_BACK);
    }
    assertThat(holding.reason().orElseThrow()).contains(REASON, unreadable);
    assertThat(fetched).isEmpty();
  }

  @Test
  void theNextLineRunsWhereItsOptionsCanBeRead() throws Exception {
    holding.because(Holding.Cause.OPTIONS, "an earlier task");
    options = "{\"allowedHosts\":[\"example.org\"]}";

    LineWork work = run(server.lease(new LeaseRequest(1, "w")).grant());

    assertThat(work.file().path()).isEqualTo("file");
    assertThat(holding.reason()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "[]", "{\"maxBytes\":10}"})
  void aTryOutFailsOnEachOfItsLinesAndSaysWhy(String unreadable) throws Exception {
    options = unreadable;
    try (TryOutRunner tryOuts =
        new TryOutRunner(
            server,
            runtime,
            scripts,
            folder.resolve("try-out"),
            Thread::new,
            drain,
            new ErrandReports(drain))) {
      tryOuts.begin(server.reportStatus(status()).tryOut());

      Awaitility.await("both lines are reported")
          .atMost(Duration.ofSeconds(30))
          .until(() -> tryOuts.current() == null);
    }

    assertThat(reported).hasSize(2).allMatch(line -> line.contains(REASON));
    assertThat(reported).allMatch(line -> line.contains("\"failureClass\":\"SCRIPT\""));
    assertThat(fetched).isEmpty();
  }

  private static MachineStatus status() {
    return new MachineStatus(
        MachineStatus.Condition.IDLE, null, 1, 0, 1L << 30, 1L << 28, "1", null, null);
  }
}
