package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** requests over Java's connections, against what CPython does. */
class WireTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir static Path temporary;
  private static WireOrigin origin;
  private static ScriptRuntime runtime;
  private static ScriptContext context;
  private static Path root;
  private static String pem;
  private static int folders;

  @BeforeAll
  static void start() throws Exception {
    origin = new WireOrigin(temporary);
    runtime = new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath());
    root = Files.createDirectory(temporary.resolve("worker"));
    context = runtime.newContext(root);
    pem = Files.readString(origin.bundle()).replace("\r", "").replace("\n", "|");
  }

  @AfterAll
  static void stop() throws IOException {
    context.close();
    runtime.close();
    origin.close();
  }

  @AfterEach
  void noConnectionIsHeldWhenALineIsOver() {
    assertThat(runtime.leasedConnections()).isZero();
  }

  static Stream<String> cases() throws IOException {
    return text("wire_cases.txt").lines();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aScriptSeesWhatItWouldSeeInCPython(String expected) throws Exception {
    String name = expected.substring(0, expected.indexOf('\t'));
    String arguments = " " + origin.httpPort() + " " + origin.httpsPort() + " " + pem;

    ScriptOutcome outcome = run(text("wire_cases.py"), name + arguments);

    assertThat(outcome).isInstanceOf(Produced.class);
    assertThat(name + "\t" + Files.readString(((Produced) outcome).file())).isEqualTo(expected);
  }

  @Test
  void requestsOfManyLinesShareAConnection() throws Exception {
    String source =
        """
        import requests
        def download(line, output_local_dir):
            open('f', 'wb').write(requests.get(line).content)
            return 'f'
        """;
    run(source, url("/file"));
    int before = origin.connections();
    for (int i = 0; i < 10; i++) {
      assertThat(run(source, url("/file"))).isInstanceOf(Produced.class);
    }
    assertThat(origin.connections()).isEqualTo(before);
  }

  @Test
  void contextsShareConnections() throws Exception {
    String source =
        """
        import requests
        def download(line, output_local_dir):
            requests.get(line)
        """;
    run(source, url("/file"));
    int before = origin.connections();
    try (ScriptContext other =
        runtime.newContext(Files.createDirectory(temporary.resolve("other")))) {
      Path folder = Files.createDirectory(temporary.resolve("other").resolve("call"));
      other.download(TestScripts.script(source), url("/file"), folder, LIMIT);
    }
    assertThat(origin.connections()).isEqualTo(before);
  }

  @Test
  void ofTwoThousandMixedCallsNoConnectionIsLeftLeased() throws Exception {
    String source =
        """
        import requests, urllib3
        def download(line, output_local_dir):
            http, https = line.split(" ")
            session, pool = requests.Session(), urllib3.PoolManager()
            ways = (
                lambda: requests.get(http + "/file"),
                lambda: requests.head(http + "/file"),
                lambda: requests.post(http + "/echo", data=b"x"),
                lambda: requests.get(http + "/redirect"),
                lambda: requests.get(http + "/status/503"),
                lambda: requests.get(http + "/chunked", stream=True),
                lambda: requests.get(http + "/big", stream=True).raw.read(10),
                lambda: next(requests.get(http + "/file", stream=True).iter_content(3)),
                lambda: requests.get(http + "/short"),
                lambda: requests.get(http + "/reset"),
                lambda: requests.get(http + "/no-answer"),
                lambda: requests.get(http + "/rubbish"),
                lambda: requests.get(http + "/hang", timeout=0.001),
                lambda: session.get(http + "/hang-in-body", timeout=0.001),
                lambda: session.get(http + "/gzip"),
                lambda: pool.request("GET", http + "/bad-gzip", retries=False),
                lambda: pool.request("GET", http + "/file", preload_content=False),
                lambda: requests.get(https + "/file", verify=False),
                lambda: requests.get(https + "/file"),
                lambda: requests.get("http://127.0.0.1:1/file"),
            )
            failed = 0
            for way in ways * 5:
                try:
                    way()
                except (requests.RequestException, urllib3.exceptions.HTTPError):
                    failed += 1
            print(failed)
        """;
    for (int lines = 0; lines < 20; lines++) {
      Failed none = (Failed) run(source, url("") + " https://127.0.0.1:" + origin.httpsPort());
      assertThat(none.output()).endsWith("45\n"); // behind a warning of verify=False
      assertThat(runtime.leasedConnections()).isZero();
    }
  }

  @Test
  void anAnswerThatAScriptLeavesUnreadGivesItsConnectionBack() throws Exception {
    run(
        """
        import requests
        kept = []
        def download(line, output_local_dir):
            kept.append(requests.get(line, stream=True))
        """,
        url("/big"));

    assertThat(runtime.leasedConnections()).isZero();
  }

  @Test
  void aScriptThatWaitsForAnAnswerIsStoppedAtItsTimeLimit() throws Exception {
    context.prepare();
    long begun = System.nanoTime();
    Failed failed =
        (Failed)
            run(
                """
                import requests
                def download(line, output_local_dir):
                    while True:
                        try:
                            requests.get(line)
                        except BaseException:
                            pass
                """,
                url("/hang"),
                Duration.ofSeconds(1));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aScriptThatWaitsForAnAnswerCanBeInterrupted() throws Exception {
    context.prepare();
    Path begun = root.resolve("call-" + (folders + 1)).resolve("begun");
    String source =
        """
        import requests
        def download(line, output_local_dir):
            url, begun = line.split(' ')
            r = requests.get(url, stream=True)
            open(begun, 'w').close()
            return r.content
        """;
    CompletableFuture<ScriptOutcome> call =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(source, url("/hang-in-body") + " " + begun);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(LIMIT).until(() -> Files.exists(begun));

    context.interrupt();

    assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new ScriptOutcome.Interrupted());
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + origin.httpPort() + path;
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = WireTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ScriptOutcome run(String source, String line) throws Exception {
    return run(source, line, LIMIT);
  }

  private static ScriptOutcome run(String source, String line, Duration limit) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
    Path folder = Files.createDirectory(root.resolve("call-" + ++folders));
    return context.download(
        new Script(HexFormat.of().formatHex(hash), source), line, folder, limit);
  }
}
