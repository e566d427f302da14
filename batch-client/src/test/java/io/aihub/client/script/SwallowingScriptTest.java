package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a line whose script swallows its errors, whichever way it asks. */
@ExtendWith(SharedWire.class)
class SwallowingScriptTest {

  /** The ways that a script can ask for a file. The line says which, and where. */
  private static final String SOURCE =
      """
      import http.client
      import urllib.parse
      import urllib.request

      import requests
      import urllib3

      def by_get(url):
          requests.get(url, timeout=TIME_OUT)

      def by_stream(url):
          with requests.get(url, stream=True, timeout=TIME_OUT) as r:
              for part in r.iter_content(3):
                  pass

      def by_session(url):
          with requests.Session() as s:
              s.get(url, timeout=TIME_OUT)

      def by_chunks(url):
          requests.request("GET", url, data=(part for part in [b"a", b"b"]), timeout=TIME_OUT)

      def by_urllib3(url):
          urllib3.PoolManager(cert_reqs="CERT_REQUIRED").request("GET", url, retries=False, timeout=TIME_OUT)

      def by_urlopen(url):
          urllib.request.urlopen(url, timeout=TIME_OUT).read()

      def by_http_client(url):
          parts = urllib.parse.urlsplit(url)
          secure = parts.scheme == "https"
          kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
          connection = kind(parts.hostname, parts.port, timeout=TIME_OUT)
          connection.request("GET", parts.path)
          connection.getresponse().read()

      def download(line, output_local_dir):
          global TIME_OUT
          way, url, time_out = line.split(" ")
          TIME_OUT = float(time_out)
          try:
              globals()["by_" + way](url)
          except Exception:
              return None
      """;

  private static final List<String> WAYS =
      List.of("get", "stream", "session", "chunks", "urllib3", "urlopen", "http_client");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "/file, RETURNED_NONE, -, 200",
        "/status/404, HTTP_4xx, 7, 404",
        "/status/429, HTTP_429, 7, 429",
        "/status/503, HTTP_5xx, 7, 503",
        "/hang, TIMEOUT, -, read timeout",
        "/hang-in-body, TIMEOUT, -, '200, then read timeout'",
        "/reset, CONNECT, -, reset",
        "/no-answer, CONNECT, -, no response",
        "/short, CONNECT, -, '200, then incomplete'",
        "/rubbish, CONNECT, -, protocol"
      })
  void theOriginsAnswerNamesTheFailure(
      String path, FailureClass expected, Integer retryAfter, String seen, WireBed bed)
      throws Exception {
    String url = bed.url(path);
    double timeOut = path.startsWith("/hang") ? 1 : 20;
    for (String way : WAYS) {
      Failed failed = swallowed(bed.overJava(), way, url, timeOut);

      assertThat(failed.failureClass()).as(way + ": " + failed.message()).isEqualTo(expected);
      assertThat(failed.retryAfterSeconds()).as(way).isEqualTo(retryAfter);
      assertThat(failed.message())
          .as(way)
          .matches(
              "download returned None\\. Last requests: GET \\Q"
                  + url
                  + ": "
                  + seen
                  + "\\E( \\([^()]*\\))? after \\d+ ms");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:1/file, CONNECT",
    "http://no-such-host.invalid/file, DNS",
    "https://127.0.0.1:HTTPS/file, TLS"
  })
  void aConnectionThatIsNotMadeNamesTheFailure(String address, FailureClass expected, WireBed bed)
      throws Exception {
    String url = address.replace("HTTPS", Integer.toString(bed.origin().httpsPort()));
    for (String way : WAYS) {
      Failed failed = swallowed(bed.overJava(), way, url, 20);

      assertThat(failed.failureClass()).as(way + ": " + failed.message()).isEqualTo(expected);
      assertThat(failed.message()).as(way).contains(url.substring(0, url.lastIndexOf('/')));
    }
  }

  @Test
  void soItIsWithoutTheJavaWire(WireBed bed) throws Exception {
    String url = bed.url("/status/429");
    for (String way : WAYS) {
      Failed failed = swallowed(bed.overPython(), way, url, 20);

      assertThat(failed.failureClass()).as(way).isEqualTo(FailureClass.HTTP_429);
      assertThat(failed.retryAfterSeconds()).as(way).isEqualTo(7);
      assertThat(failed.message()).as(way).contains(": GET " + url + ": 429 after ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return False | OUTPUT",
        "return [] | OUTPUT",
        "return '' | OUTPUT",
        "return output_local_dir + 'never-written' | OUTPUT",
        "raise RuntimeError('no luck') | SCRIPT",
        "assert answer.status_code == 201 | SCRIPT",
        "answer.json() | SCRIPT"
      })
  void soItIsHoweverAScriptSaysThatItHasNothing(String ending, FailureClass otherwise, WireBed bed)
      throws Exception {
    String source =
        """
        import requests

        def download(line, output_local_dir):
            answer = requests.get(line)
            %s
        """
            .formatted(ending);
    Failed late = (Failed) bed.overJava().call(source, bed.url("/status/429"));
    Failed well = (Failed) bed.overJava().call(source, bed.url("/file"));

    assertThat(late.failureClass()).as(late.message()).isEqualTo(FailureClass.HTTP_429);
    assertThat(late.retryAfterSeconds()).isEqualTo(7);
    assertThat(late.message()).contains(". Last requests: GET " + bed.url("/status/429: 429 "));
    assertThat(well.failureClass()).as(well.message()).isEqualTo(otherwise);
  }

  @Test
  void ofPartsFetchedAtOnceTheOneThatFailedNamesTheFailure(WireBed bed) throws Exception {
    String source =
        """
        from concurrent.futures import ThreadPoolExecutor
        import requests

        def fetch(url):
            try:
                requests.get(url, timeout=1)
            except requests.RequestException:
                pass

        def download(line, output_local_dir):
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(fetch, line.split()))
        """;
    Failed failed = (Failed) bed.overJava().call(source, bed.url("/hang ") + bed.url("/file"));

    assertThat(failed.failureClass()).as(failed.message()).isEqualTo(FailureClass.TIMEOUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"return output_local_dir", "return [line]", "return True"})
  void aWrongAnswerIsTheScriptsFaultWhateverItsRequestsCameTo(String ending, WireBed bed)
      throws Exception {
    String source =
        "import requests\ndef download(line, output_local_dir):\n    requests.get(line)\n    "
            + ending;
    Failed failed = (Failed) bed.overJava().call(source, bed.url("/status/404"));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.OUTPUT);
  }

  private static Failed swallowed(WireBed.Worker worker, String way, String url, double timeOut)
      throws IOException {
    return (Failed) worker.call(SOURCE, way + " " + url + " " + timeOut);
  }
}
