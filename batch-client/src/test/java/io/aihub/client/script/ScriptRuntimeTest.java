package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Interrupted;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.queue.api.FailureClass;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts in the real GraalPy against a real origin. */
class ScriptRuntimeTest {

  private static final Path SAMPLES = Path.of("../src-docs/samples");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir static Path temporary;
  private static Origin origin;
  private static ScriptRuntime runtime;
  private static ScriptContext context;
  private static Path root;
  private static int folders;

  @BeforeAll
  static void start() throws Exception {
    origin = new Origin(temporary);
    runtime = new ScriptRuntime(Path.of("target/script-runtime").toAbsolutePath());
    root = Files.createDirectory(temporary.resolve("worker"));
    context = runtime.newContext(root);
  }

  @AfterAll
  static void stop() {
    context.close();
    runtime.close();
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void theSeedsScriptDownloadsAFileUnmodified(String scheme) throws Exception {
    String base = scheme.equals("http") ? origin.http() : origin.https();

    ScriptOutcome outcome = seed(base + "/file|==|/14807/_/a01a_fa10.jpg");

    assertThat(outcome).isInstanceOf(Produced.class);
    Produced produced = (Produced) outcome;
    assertThat(produced.path()).isEqualTo("14807/_/a01a_fa10.jpg");
    assertThat(produced.file()).hasBinaryContent(Origin.FILE);
  }

  @Test
  void aScriptStartsThreadsAgainWhenAllHaveEnded() throws Exception {
    Failed failed =
        (Failed)
            run(
                """
                import select, socket, threading
                def wait():
                    with socket.socket() as s:
                        s.bind(('127.0.0.1', 0))
                        s.listen()
                        select.select([s], [], [], 0.2)
                def download(line, output_local_dir):
                    for i in range(3):
                        thread = threading.Thread(target=wait)
                        thread.start()
                        thread.join()
                        print('ended', i)
                """,
                "x");

    assertThat(failed.output()).contains("ended 2");
  }

  @Test
  void anArchiveThatIsNotPackedIsOpenedWithoutAskingForGigabytes() throws Exception {
    Failed failed =
        (Failed)
            run(
                """
                import lzma, tarfile
                def download(line, output_local_dir):
                    for name in 'Test', 'zzzz', 'a':
                        with tarfile.open('a.tar', 'w') as tar:
                            tar.addfile(tarfile.TarInfo(name + '.txt'))
                        with tarfile.open('a.tar') as tar:
                            print(tar.getnames())
                    for form in lzma.FORMAT_XZ, lzma.FORMAT_ALONE:
                        print(lzma.decompress(lzma.compress(b'packed', form)))
                """,
                "x");

    assertThat(failed.output().lines())
        .containsExactly("['Test.txt']", "['zzzz.txt']", "['a.txt']", "b'packed'", "b'packed'");
  }

  @Test
  void theByteCodeOfTheLibrariesIsCached() throws Exception {
    context.prepare();
    try (Stream<Path> files = Files.walk(Path.of("target/script-runtime/byte-code"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".pyc"))).hasSizeGreaterThan(100);
    }
  }

  @Test
  void theSeedsScriptFollowsARedirect() throws Exception {
    assertThat(seed(origin.http() + "/redirect|==|/a.jpg")).isInstanceOf(Produced.class);
  }

  @Test
  void theSeedsScriptSwallowsAnErrorAndItsOutputTellsOfIt() throws Exception {
    Failed failed = (Failed) seed(origin.http() + "/status/404|==|/a.jpg");

    assertThat(failed.output()).contains("An error occurred: 404 Client Error");
    assertThat(failed.message())
        .startsWith(
            "download returned None. Last requests: GET "
                + origin.http()
                + "/status/404: 404 after ");
  }

  @ParameterizedTest
  @CsvSource({
    "/status/404, HTTP_4xx, 17",
    "/status/408, TIMEOUT, 17",
    "/status/429, HTTP_429, 17",
    "/status/503, HTTP_5xx, 17",
    "/no-answer, CONNECT,",
    "/file, RETURNED_NONE,"
  })
  void whatAScriptSwallowsIsClassifiedByItsLastRequest(
      String path, FailureClass expected, Integer retryAfter) throws Exception {
    Failed failed = (Failed) swallowing(origin.http() + path);

    assertThat(failed.failureClass()).isEqualTo(expected);
    assertThat(failed.retryAfterSeconds()).isEqualTo(retryAfter);
  }

  @ParameterizedTest
  @CsvSource({
    "http://no-such-host.invalid/, DNS",
    "http://127.0.0.1:1/, CONNECT",
    "HTTPS/file, TLS",
    "HTTP/hang, TIMEOUT"
  })
  void aSwallowedErrorOfTheWireIsClassified(String url, FailureClass expected) throws Exception {
    String line = url.replace("HTTPS", origin.https()).replace("HTTP", origin.http());

    assertThat(failure(swallowing(line))).isEqualTo(expected);
  }

  @Test
  void whatAnEarlierRequestFailedOfDoesNotCountWhenTheLastOneWentWell() throws Exception {
    Failed failed =
        (Failed)
            run(
                """
                import requests
                def download(line, output_local_dir):
                    requests.get(line + '/status/500')
                    requests.get(line + '/file')
                """,
                origin.http());

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RETURNED_NONE);
    assertThat(failed.message()).contains("/status/500: 500 after ", "/file: 200 after ");
  }

  @Test
  void theRequestsOfOneLineAreNotThoseOfTheNext() throws Exception {
    swallowing(origin.http() + "/status/500");

    Failed failed = (Failed) run("def download(line, d): pass\n", "x");

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RETURNED_NONE);
    assertThat(failed.message()).isEqualTo("download returned None");
  }

  @Test
  void aScriptThatChangesTheUserAgentsChangesItsOwn() throws Exception {
    run(
        """
        from fake_useragent import UserAgent
        def download(line, output_local_dir):
            ua = UserAgent()
            ua.random
            for browser in ua.data_browsers:
                browser['useragent'] = 'changed'
            del ua.data_browsers[10:]
            chosen = ua.getRandom
            chosen['useragent'] = 'changed'
            ua._filter_useragents().clear()
        """,
        "x");

    ScriptOutcome outcome =
        run(
            """
            from fake_useragent import UserAgent
            from fake_useragent.utils import load
            def download(line, output_local_dir):
                ua = UserAgent()
                with open('agents', 'w') as f:
                    f.write(str(len(ua.data_browsers) > 5000) + ' ')
                    f.write(str({ua.random for _ in range(50)} & {'changed'}) + ' ')
                    f.write(str(ua.data_browsers == load()) + ' ')
                    f.write(str(ua.data_browsers[7] is UserAgent().data_browsers[7]) + ' ')
                    f.write(str(UserAgent(os='Linux').getFirefox in load()) + ' ')
                    f.write(str(UserAgent(browsers='None')._filter_useragents()))
                return 'agents'
            """,
            "x");

    assertThat(((Produced) outcome).file()).hasContent("True set() True False True []");
  }

  @ParameterizedTest
  @CsvSource({
    "/status/404, HTTP_4xx, 17",
    "/status/408, TIMEOUT, 17",
    "/status/425, HTTP_429, 17",
    "/status/429, HTTP_429, 17",
    "/status/503, HTTP_5xx, 17"
  })
  void aStatusThatAScriptRaisesIsClassified(String path, FailureClass expected, int retryAfter)
      throws Exception {
    Failed failed = (Failed) raising(origin.http() + path + "|==|/a.jpg");

    assertThat(failed.failureClass()).isEqualTo(expected);
    assertThat(failed.retryAfterSeconds()).isEqualTo(retryAfter);
    assertThat(failed.message()).startsWith("HTTPError: ").contains("of the script)");
  }

  @Test
  void aWrongHostIsADnsFailure() throws Exception {
    assertThat(failure(raising("http://no-such-host.invalid/|==|/a.jpg")))
        .isEqualTo(FailureClass.DNS);
  }

  @Test
  void aRefusedConnectionIsAConnectFailure() throws Exception {
    assertThat(failure(raising("http://127.0.0.1:1/|==|/a.jpg"))).isEqualTo(FailureClass.CONNECT);
  }

  @Test
  void anUnknownCertificateIsATlsFailure() throws Exception {
    assertThat(failure(raising(origin.https() + "/file|==|/a.jpg"))).isEqualTo(FailureClass.TLS);
  }

  @Test
  void anOriginThatHangsIsATimeout() throws Exception {
    assertThat(
            failure(
                run(
                    """
                    import requests
                    def download(line, output_local_dir):
                        requests.get(line, timeout=0.5)
                    """,
                    origin.http() + "/hang")))
        .isEqualTo(FailureClass.TIMEOUT);
  }

  @Test
  void theMessageOfABugNamesItsLine() throws Exception {
    Failed failed =
        (Failed)
            run(
                """
                def download(line, output_local_dir):
                    print('about to fail')
                    return int(line)
                """,
                "x");

    assertThat(failed.failureClass()).isEqualTo(FailureClass.SCRIPT);
    assertThat(failed.message()).startsWith("ValueError: ").endsWith("(line 3 of the script)");
    assertThat(failed.output()).startsWith("about to fail\nTraceback (the script's own lines");
  }

  @Test
  void anUnusedImportOfPandasDoesNoHarmAndAUsedOneIsNamed() throws Exception {
    Failed failed =
        (Failed)
            run(
                """
                import pandas as pd
                def download(line, output_local_dir):
                    return pd.DataFrame()
                """,
                "x");

    assertThat(failed.failureClass()).isEqualTo(FailureClass.SCRIPT);
    assertThat(failed.message()).contains("the package pandas is not available");
  }

  @Test
  void aRelativePathIsMeantBelowTheOutputDirectory() throws Exception {
    ScriptOutcome outcome =
        run(
            """
            def download(line, output_local_dir):
                with open('here.txt', 'w') as file:
                    file.write(line)
                return 'here.txt'
            """,
            "text");

    assertThat(((Produced) outcome).path()).isEqualTo("here.txt");
    assertThat(((Produced) outcome).file()).hasContent("text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return 42",
        "return output_local_dir",
        "return output_local_dir + '/missing'",
        "return __import__('sys').prefix",
        "return ''"
      })
  void whatIsNoFileBelowTheOutputDirectoryIsAnOutputFailure(String statement) throws Exception {
    assertThat(failure(run("def download(line, output_local_dir):\n    " + statement + "\n", "x")))
        .isEqualTo(FailureClass.OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open('/etc/passwd')",
        "__import__('os').listdir('/')",
        "open(output_local_dir + '/../../../escape', 'w')",
        "__import__('os').symlink('/etc/passwd', output_local_dir + '/link')",
        "__import__('os').system('true')",
        "__import__('subprocess').run(['true'])",
        "__import__('java').type('java.lang.System')",
        "open(__import__('sys').pycache_prefix + '/planted', 'w')",
        "open(__import__('requests').__file__, 'a')"
      })
  void whatAScriptMayNotDoIsRefused(String statement) throws Exception {
    ScriptOutcome outcome =
        run("def download(line, output_local_dir):\n    return " + statement + "\n", "x");

    assertThat(failure(outcome)).isEqualTo(FailureClass.SCRIPT);
    assertThat(temporary.resolve("escape")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"__import__('sys').exit(3)", "__import__('os')._exit(3)"})
  void aScriptThatExitsFailsAndTheNextCallWorks(String statement) throws Exception {
    assertThat(failure(run("def download(line, output_local_dir):\n    " + statement + "\n", "x")))
        .isEqualTo(FailureClass.SCRIPT);
    assertThat(seed(origin.http() + "/file|==|/a.jpg")).isInstanceOf(Produced.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pass",
        "time.sleep(60)",
        "\n        try:\n            time.sleep(60)\n        except BaseException:\n            pass"
      })
  void anEndlessScriptIsStoppedAtItsTimeLimit(String body) throws Exception {
    context.prepare();
    Failed failed =
        (Failed)
            run(
                "import time\ndef download(line, output_local_dir):\n    while True: "
                    + body
                    + "\n",
                "x",
                Duration.ofSeconds(2));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(failed.message()).contains("longer than 2 s");
  }

  @Test
  void aRunningCallCanBeInterrupted() throws Exception {
    context.prepare();
    Path begun = root.resolve("call-" + (folders + 1)).resolve("begun");
    String source =
        """
        import time
        def download(line, output_local_dir):
            open(line, 'w').close()
            while True: time.sleep(1)
        """;
    CompletableFuture<ScriptOutcome> call =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(source, begun.toString());
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(LIMIT).until(() -> Files.exists(begun));

    context.interrupt();

    assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new Interrupted());
  }

  @Test
  void onlyTheEndOfALongOutputIsKept() throws Exception {
    Failed failed =
        (Failed) run("def download(line, d):\n    print('a' * 100000)\n    print('end')\n", "x");

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RETURNED_NONE);
    assertThat(failed.output()).hasSize(65536).endsWith("a\nend\n");
  }

  private static FailureClass failure(ScriptOutcome outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    return ((Failed) outcome).failureClass();
  }

  private static ScriptOutcome seed(String line) throws Exception {
    return run(Files.readString(SAMPLES.resolve("seed_download.py")), line);
  }

  private static ScriptOutcome swallowing(String url) throws Exception {
    return run(
        """
        import requests
        def download(line, output_local_dir):
            try:
                requests.get(line, timeout=0.5).raise_for_status()
            except Exception:
                pass
        """,
        url);
  }

  private static ScriptOutcome raising(String line) throws Exception {
    return run(Files.readString(SAMPLES.resolve("raising_download.py")), line);
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
