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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** requests over Java's connections, against what CPython does. */
@ExtendWith(SharedWire.class)
class WireTest {

  @AfterEach
  void noConnectionIsHeldWhenALineIsOver(WireBed bed) {
    assertThat(bed.leasedConnections()).isZero();
  }

  static Stream<String> cases() throws IOException {
    return text("wire_cases.txt").lines();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aScriptSeesWhatItWouldSeeInCPython(String expected, WireBed bed) throws Exception {
    String name = expected.substring(0, expected.indexOf('\t'));
    WireOrigin origin = bed.origin();
    String arguments = " " + origin.httpPort() + " " + origin.httpsPort() + " " + pem(bed);

    ScriptOutcome outcome = bed.overJava().call(text("wire_cases.py"), name + arguments);

    assertThat(outcome).isInstanceOf(Produced.class);
    assertThat(name + "\t" + Files.readString(((Produced) outcome).file())).isEqualTo(expected);
  }

  @Test
  void requestsOfManyLinesShareAConnection(WireBed bed) throws Exception {
    String source =
        """
        import requests
        def download(line, output_local_dir):
            open('f', 'wb').write(requests.get(line).content)
            return 'f'
        """;
    bed.overJava().call(source, bed.url("/file"));
    int before = bed.origin().connections();
    for (int i = 0; i < 10; i++) {
      assertThat(bed.overJava().call(source, bed.url("/file"))).isInstanceOf(Produced.class);
    }
    assertThat(bed.origin().connections()).isEqualTo(before);
  }

  @Test
  void contextsShareConnections(WireBed bed) throws Exception {
    String source =
        """
        import requests
        def download(line, output_local_dir):
            requests.get(line)
        """;
    bed.overJava().call(source, bed.url("/file"));
    int before = bed.origin().connections();
    try (WireBed.Worker other = bed.newWorker()) {
      other.call(source, bed.url("/file"));
    }
    assertThat(bed.origin().connections()).isEqualTo(before);
  }

  @Test
  void ofTwoThousandMixedCallsNoConnectionIsLeftLeased(WireBed bed) throws Exception {
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
      Failed none =
          (Failed)
              bed.overJava()
                  .call(source, bed.url("") + " https://127.0.0.1:" + bed.origin().httpsPort());
      assertThat(none.output()).endsWith("45\n"); // behind a warning of verify=False
      assertThat(bed.leasedConnections()).isZero();
    }
  }

  @Test
  void howeverManyBundlesAScriptMakesUpEachHasAPoolOfConnections(WireBed bed) throws Exception {
    String source =
        """
        import requests
        def download(line, output_local_dir):
            url, bundle = line.split(' ', 1)
            for i in range(40):
                with open(f'{i}.pem', 'w') as file:
                    file.write(f'{i}|{bundle}'.replace('|', '\\n'))
                for again in range(2):
                    requests.get(url, verify=f'{i}.pem').raise_for_status()
            return '0.pem'
        """;
    int before = bed.origin().connections();

    ScriptOutcome outcome =
        bed.overJava()
            .call(source, "https://127.0.0.1:" + bed.origin().httpsPort() + "/file " + pem(bed));

    assertThat(outcome).isInstanceOf(Produced.class);
    assertThat(bed.origin().connections() - before).isEqualTo(40);
  }

  @Test
  void anAnswerThatAScriptLeavesUnreadGivesItsConnectionBack(WireBed bed) throws Exception {
    bed.overJava()
        .call(
            """
        import requests
        kept = []
        def download(line, output_local_dir):
            kept.append(requests.get(line, stream=True))
        """,
            bed.url("/big"));

    assertThat(bed.leasedConnections()).isZero();
  }

  @Test
  void aScriptThatWaitsForAnAnswerIsStoppedAtItsTimeLimit(WireBed bed) throws Exception {
    bed.overJava().prepare();
    long begun = System.nanoTime();
    Failed failed =
        (Failed)
            bed.overJava()
                .call(
                    """
                import requests
                def download(line, output_local_dir):
                    while True:
                        try:
                            requests.get(line)
                        except BaseException:
                            pass
                """,
                    bed.url("/hang"),
                    Duration.ofSeconds(1));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aScriptThatWaitsForAnAnswerCanBeInterrupted(WireBed bed) throws Exception {
    bed.overJava().prepare();
    String source =
        """
        import requests
        def download(line, output_local_dir):
            r = requests.get(line, stream=True)
            open('begun', 'w').close()
            return r.content
        """;
    CompletableFuture<ScriptOutcome> call =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return bed.overJava().call(source, bed.url("/hang-in-body"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await()
        .atMost(TestWorker.PATIENCE)
        .until(() -> Files.exists(bed.overJava().output().resolve("begun")));

    bed.overJava().interrupt();

    assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new ScriptOutcome.Interrupted());
  }

  /** The origin's certificate on one line. */
  private static String pem(WireBed bed) throws IOException {
    return Files.readString(bed.origin().bundle()).replace("\r", "").replace("\n", "|");
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = WireTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
