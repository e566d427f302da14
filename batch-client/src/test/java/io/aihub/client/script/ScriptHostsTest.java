package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.wire.NetworkRules;
import io.aihub.queue.api.FailureClass;
import io.aihub.script.api.ScriptOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What scripts can reach whose task lists the hosts, by Java's wire and by Python's own sockets.
 */
class ScriptHostsTest {

  /** Is listed as localhost, and not as 127.0.0.1. */
  private static HttpServer listed;

  /** Isn't. */
  private static HttpServer other;

  private static final AtomicInteger REACHED = new AtomicInteger();

  /** Every way to the other origin that there is, each in a line of output: what came of it. */
  private static final String ALL_WAYS =
      """
      import _socket, asyncio, http.client, os, socket, urllib.request
      import requests, urllib3

      def tcp(method, host, port, family=socket.AF_INET):
          with socket.socket(family) as s:
              s.settimeout(5)
              return getattr(s, method)((host, port))

      def udp(host, port):
          with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
              return s.sendto(b'query', (host, port))

      def looked_up_by_originals(host, port):
          with socket.socket() as s:
              stock = [c.cell_contents for c in _socket.getaddrinfo.__closure__ if 'built' in repr(c.cell_contents)]
              return s.connect(stock[0](host, port)[0][4])

      def download(line, d):
          port, theirs = line.split()
          host, theirs = '127.0.0.2', int(theirs)
          url = f'http://{host}:{theirs}/'
          ways = {
              'get': lambda: requests.get(url),
              'redirect': lambda: requests.get(f'http://localhost:{port}/redirect'),
              'session': lambda: requests.Session().get(url, stream=True),
              'through': lambda: requests.get('http://localhost/', proxies={'http': url}),
              'urllib3': lambda: urllib3.PoolManager().request('GET', url, retries=False),
              'urllib': lambda: urllib.request.urlopen(url),
              'urllib redirect': lambda: urllib.request.urlopen(f'http://localhost:{port}/redirect'),
              'http.client': lambda: http.client.HTTPConnection(host, theirs).request('GET', '/'),
              'connect': lambda: tcp('connect', host, theirs),
              'decimal': lambda: tcp('connect', '2130706434', theirs),
              'mapped': lambda: tcp('connect', '::ffff:127.0.0.2', theirs, socket.AF_INET6),
              'sendto': lambda: udp(host, theirs),
              'asyncio': lambda: asyncio.run(asyncio.open_connection(host, theirs)),
              'name': lambda: requests.get(f'http://other.invalid:{theirs}/'),
              'look-up': lambda: socket.getaddrinfo('other.invalid', theirs),
              'bytes': lambda: socket.gethostbyname(b'other.invalid'),
              'originals': lambda: looked_up_by_originals(host, theirs),
          }
          for way, attempt in ways.items():
              try:
                  print(way, '|', repr(attempt()))
              except Exception as e:
                  print(way, '|', type(e).__name__, e)
          assert tcp('connect_ex', host, theirs) == 13
      """;

  /** Every way to the listed one. */
  private static final String LISTED_WAYS =
      """
      import asyncio, http.client, socket, urllib.request
      import requests, urllib3

      async def opened(port):
          reader, writer = await asyncio.open_connection('localhost', port)
          writer.close()
          return 'ok'

      def client(port):
          connection = http.client.HTTPConnection('localhost', port)
          connection.request('GET', '/')
          return connection.getresponse().read()

      def named(port):
          with socket.socket() as s:
              s.connect(('LOCALHOST', port))
              return 'ok'

      def download(line, d):
          port = int(line.split()[0])
          url = f'http://localhost:{port}/'
          print(requests.get(url).text)
          print(requests.Session().get(url).text)
          print(urllib3.PoolManager().request('GET', url).data.decode())
          print(urllib.request.urlopen(url).read().decode())
          print(client(port).decode())
          print(asyncio.run(opened(port)))
          print(named(port))
          address = socket.gethostbyname('localhost')
          print(requests.get(f'http://{address}:{port}/').text)
      """;

  private static final String ADDRESS_AT_ONCE =
      """
      import requests
      def download(line, d):
          return requests.get('http://127.0.0.1:' + line.split()[0]).url
      """;

  private static final String SWALLOWING =
      """
      import requests
      def download(line, d):
          try:
              requests.get('http://files.other.invalid/a.jpg')
          except Exception:
              pass
      """;

  @TempDir private static Path temporary;
  private static ScriptRuntime runtime;
  private static ScriptContext context;

  @BeforeAll
  static void start() throws Exception {
    listed = origin("127.0.0.1");
    other = origin("127.0.0.2");
    Path home = Path.of("target/script-runtime").toAbsolutePath();
    runtime = new ScriptRuntime(home, true, ScriptLimits.DEFAULT, NetworkRules.none());
    context = runtime.newContext(Files.createDirectory(temporary.resolve("worker")));
    context.prepare();
  }

  private static HttpServer origin(String address) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/redirect")) {
            InetSocketAddress to = other.getAddress();
            exchange
                .getResponseHeaders()
                .set("Location", "http://" + to.getHostString() + ":" + to.getPort() + "/");
            exchange.sendResponseHeaders(302, -1);
          } else {
            InetAddress local = exchange.getLocalAddress().getAddress();
            REACHED.addAndGet(local.getHostAddress().equals("127.0.0.2") ? 1 : 0);
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
          }
          exchange.close();
        });
    server.start();
    return server;
  }

  @AfterAll
  static void stop() {
    context.close();
    runtime.close();
    listed.stop(0);
    other.stop(0);
  }

  @BeforeEach
  void forget() {
    REACHED.set(0);
  }

  private static Failed run(String source, List<String> hosts, boolean javaWire) throws Exception {
    Script script =
        TestScripts.script(source).under(RunOptions.of(ScriptOptions.of(hosts, javaWire)));
    Path folder = Files.createTempDirectory(temporary.resolve("worker"), "line");
    String line = listed.getAddress().getPort() + " " + other.getAddress().getPort();
    return (Failed) context.download(script, line, folder, Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatATaskDoesNotListCannotBeReached(boolean javaWire) throws Exception {
    Failed failed = run(ALL_WAYS, List.of("localhost"), javaWire);

    assertThat(failed.message()).startsWith("download returned None");
    assertThat(failed.output().lines())
        .hasSize(17)
        .allMatch(line -> line.contains("the task's list of hosts doesn't have"), "refused");
    assertThat(REACHED).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatItListsCan(boolean javaWire) throws Exception {
    Failed failed = run(LISTED_WAYS, List.of("localhost", "*.example.org"), javaWire);

    assertThat(failed.output().lines()).as(failed.message()).hasSize(8).containsOnly("ok");
  }

  @Test
  void anAddressThatNoListedNameWasLookedUpForCannot() throws Exception {
    Failed failed = run(ADDRESS_AT_ONCE, List.of("localhost"), true);

    assertThat(failed.failureClass()).isEqualTo(FailureClass.CONNECT);
    assertThat(failed.message()).contains("the task's list of hosts doesn't have 127.0.0.1");
  }

  @Test
  void whatAScriptKeepsToItselfStandsInTheFailureLog() throws Exception {
    Failed failed = run(SWALLOWING, List.of("localhost"), true);

    assertThat(failed.failureClass()).isEqualTo(FailureClass.CONNECT);
    assertThat(failed.message())
        .contains("http://files.other.invalid/a.jpg", "doesn't have files.other.invalid");
  }

  @Test
  void theNextTaskOfTheSameScriptIsHeldToItsOwnList() throws Exception {
    String source = ADDRESS_AT_ONCE.replace("return", "print('reached by',").replace(".url", ")");

    assertThat(run(source, List.of("localhost"), true).message()).contains("list of hosts");
    assertThat(run(source, null, true).output()).contains("reached by <Response [200]>");
    assertThat(run(source, List.of("localhost"), true).message()).contains("list of hosts");
    assertThat(run(source, List.of("127.0.0.1"), false).output()).contains("reached by");
    assertThat(run(source, List.of("localhost"), false).message()).contains("list of hosts");
  }

  @Test
  void aTaskMayHaveItsRequestsGoOverPythonsOwnSockets() throws Exception {
    String source =
        """
        import http.client, requests
        def download(line, d):
            response = requests.get('http://127.0.0.1:' + line.split()[0], stream=True)
            print(type(response.raw._fp) is http.client.HTTPResponse)
        """;

    assertThat(run(source, null, false).output()).isEqualTo("True\n");
    assertThat(run(source, null, true).output()).isEqualTo("False\n");
  }
}
