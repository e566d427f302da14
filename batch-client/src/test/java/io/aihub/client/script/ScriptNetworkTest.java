package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.wire.NetworkRules;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts can reach, by Java's wire and by Python's own sockets. */
class ScriptNetworkTest {

  private static final Path HOME = Path.of("target/script-runtime").toAbsolutePath();

  /** Every way to connect that there is, each in a line of output: what came of it. */
  private static final String ALL_WAYS =
      """
      import asyncio, http.client, socket, urllib.request
      import _socket, requests, urllib3

      def tcp(method, host, port, family=socket.AF_INET):
          with socket.socket(family) as s:
              s.settimeout(5)
              return getattr(s, method)((host, port))

      def undone(port):
          try: _socket.socket.connect = None
          except TypeError: pass
          closure = [c.cell_contents for c in _socket.socket.connect.__closure__]
          ask = closure[0]
          inner = [c.cell_contents for c in ask.__closure__ if callable(c.cell_contents)]
          with socket.socket() as s:
              return [c('connect', s, ('127.0.0.1', port)) for c in inner if 'Error' not in repr(c)]

      class Liar(tuple):
          def __getitem__(self, i): return self.told[i]

      def lie(port, closed):
          with socket.socket() as mine, socket.socket() as s:
              mine.bind(('127.0.0.1', 0))
              mine.listen()
              Liar.told = mine.getsockname()
              if closed: mine.close()
              s.settimeout(5)
              s.connect(Liar(('127.0.0.1', port)))
              return 'refused' if s.getpeername() == Liar.told else s.getpeername()

      def download(line, d):
          port = int(line)
          url = f'http://127.0.0.1:{port}/'
          ways = {
              'get': lambda: requests.get(url),
              'name': lambda: requests.get(url.replace('127.0.0.1', 'localhost')),
              'session': lambda: requests.Session().get(url, stream=True),
              'urllib3': lambda: urllib3.PoolManager().request('GET', url, retries=False),
              'urllib': lambda: urllib.request.urlopen(url),
              'http.client': lambda: http.client.HTTPConnection('127.0.0.1', port).request('GET', '/'),
              'create_connection': lambda: socket.create_connection(('localhost', port)),
              'connect': lambda: tcp('connect', '127.0.0.1', port),
              'any': lambda: tcp('connect', '0.0.0.0', port),
              'decimal': lambda: tcp('connect', '2130706433', port),
              'mapped': lambda: tcp('connect', '::ffff:127.0.0.1', port, socket.AF_INET6),
              'empty': lambda: tcp('connect', '', port),
              'type': lambda: _socket.socket.connect(socket.socket(), ('127.0.0.1', port)),
              'connect_ex': lambda: {0: 'connected', 13: 'refused'}[tcp('connect_ex', '127.0.0.1', port)],
              'sendto': lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port)),
              'asyncio': lambda: asyncio.run(asyncio.open_connection('127.0.0.1', port)),
              'undone': lambda: undone(port),
              'lie': lambda: lie(port, False),
              'lie of a closed socket': lambda: lie(port, True),
              'proxy': lambda: requests.get('http://9.9.9.9/', proxies={'http': url}),
          }
          for name, way in ways.items():
              try: answer = str(way())
              except BaseException as e: answer = f'{type(e).__name__} {e}'
              refused = 'may not connect there' in answer or answer == 'refused'
              print(name, 'refused' if refused else answer.partition('\\n')[0][:200])
      """;

  @TempDir static Path temporary;
  private static HttpServer origin;
  private static final AtomicInteger requests = new AtomicInteger();

  @BeforeAll
  static void start() throws Exception {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    origin.start();
  }

  @AfterAll
  static void stop() {
    origin.stop(0);
  }

  @Test
  void noWayLeadsToAnAddressThatIsNotPublic() throws Exception {
    String output = output(NetworkRules.guarding(List.of()), ALL_WAYS);

    assertThat(output.lines()).hasSize(20).allMatch(line -> line.endsWith(" refused"));
    assertThat(requests).hasValue(0);
  }

  @Test
  void theServersPortStaysShutWhereItsNetworkIsOpen() throws Exception {
    NetworkRules rules = NetworkRules.guarding(List.of("127.0.0.0/8", "::1"));
    rules.keepAway(URI.create("http://127.0.0.1:" + origin.getAddress().getPort() + "/aihub"));

    String output =
        output(
            rules,
            """
            import requests, socket
            def download(line, d):
                try: requests.get(f'http://127.0.0.1:{line}/')
                except Exception as e: print(e)
                try: socket.create_connection(('127.0.0.1', int(line)))
                except PermissionError as e: print(e)
            """);

    assertThat(output.lines()).hasSize(2).allMatch(line -> line.contains("own server or relay"));
  }

  @Test
  void aScriptWaitsForNoConnectionsButItsOwn() throws Exception {
    String output =
        output(
            NetworkRules.guarding(List.of()),
            """
            import socket
            def download(line, d):
                with socket.socket() as s:
                    s.bind(('0.0.0.0', 0))
                    try: s.listen()
                    except PermissionError as e: print(e)
                mine, other = socket.socketpair()
                mine.sendall(b'but for its own')
                print(other.recv(100))
            """);

    assertThat(output).contains("may not wait for connections", "but for its own");
  }

  private static String output(NetworkRules rules, String source) throws Exception {
    Path root = Files.createTempDirectory(temporary, "worker");
    Path folder = Files.createDirectory(root.resolve("line"));
    String line = Integer.toString(origin.getAddress().getPort());
    try (ScriptRuntime runtime = new ScriptRuntime(HOME, true, ScriptLimits.DEFAULT, rules);
        ScriptContext context = runtime.newContext(root)) {
      Failed failed =
          (Failed)
              context.download(TestScripts.script(source), line, folder, Duration.ofMinutes(5));
      return failed.output();
    }
  }
}
