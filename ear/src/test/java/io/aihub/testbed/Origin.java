package io.aihub.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A website to download from, by http and by https with a certificate that it signed itself. Some
 * of its files make trouble (see {@link OriginFile.Behaviour}).
 */
public final class Origin implements AutoCloseable {

  private static final Duration SILENCE = Duration.ofSeconds(15); // the seed's script waits 10 s
  private static final String PREFIX = "/files/";

  private final List<OriginFile> files;
  private final Set<Integer> askedFor = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool(Origin::daemon);
  private final HttpServer http;
  private final HttpsServer https;
  private volatile Duration delay = Duration.ZERO;

  /**
   * Starts it on ports of its own.
   *
   * @param folder where its key is made
   * @param count how many files, at least 60
   * @param silent whether one of them is never answered; it costs a script its full patience
   */
  public Origin(Path folder, int count, boolean silent) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    files = OriginFiles.generate(count, new SecureRandom().nextLong(), silent);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http = HttpServer.create(any, 200);
    https = HttpsServer.create(any, 200);
    https.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
    for (HttpServer server : List.of(http, https)) {
      server.createContext(PREFIX, this::answer);
      server.setExecutor(threads);
      server.start();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "origin");
    thread.setDaemon(true);
    return thread;
  }

  private static SSLContext selfSigned(Path folder) throws IOException {
    Path keys = folder.toAbsolutePath().resolve("origin.p12");
    String password = Secrets.random();
    Files.createDirectories(keys.getParent());
    Files.deleteIfExists(keys);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "origin",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                password)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (Waiting.forEnd(keytool) != 0) {
      throw new IllegalStateException("keytool couldn't make the origin's certificate.");
    }
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      pause(delay);
      String path = exchange.getRequestURI().getPath().substring(PREFIX.length());
      boolean redirected = path.startsWith("real/");
      int number = Integer.parseInt(redirected ? path.substring("real/".length()) : path);
      if (number < 0 || number >= files.size()) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      OriginFile file = files.get(number);
      boolean first = askedFor.add(number);
      switch (file.behaviour()) {
        case PLAIN -> send(exchange, file);
        case REDIRECT -> {
          if (redirected) {
            send(exchange, file);
          } else {
            exchange.getResponseHeaders().add("Location", PREFIX + "real/" + number);
            exchange.sendResponseHeaders(302, -1);
          }
        }
        case ONCE_500 -> sendUnless(first, 500, exchange, file);
        case ONCE_429 -> sendUnless(first, 429, exchange, file);
        case ALWAYS_404 -> exchange.sendResponseHeaders(404, -1);
        case ALWAYS_403 -> exchange.sendResponseHeaders(403, -1);
        case ALWAYS_429 -> sendUnless(true, 429, exchange, file);
        case ALWAYS_500 -> exchange.sendResponseHeaders(500, -1);
        case SILENT -> pause(SILENCE);
      }
    }
  }

  private static void sendUnless(
      boolean refused, int status, HttpExchange exchange, OriginFile file) throws IOException {
    if (!refused) {
      send(exchange, file);
      return;
    }
    if (status == 429) {
      exchange.getResponseHeaders().add("Retry-After", "1");
    }
    exchange.sendResponseHeaders(status, -1);
  }

  private static void send(HttpExchange exchange, OriginFile file) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/octet-stream");
    byte[] content = file.content();
    exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
    if (content.length > 0) {
      exchange.getResponseBody().write(content);
    }
  }

  private void pause(Duration time) {
    try {
      if (!time.isZero() && closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        Thread.currentThread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes every answer wait, so that a run takes long enough to be disturbed. */
  public void slowDown(Duration perAnswer) {
    delay = perAnswer;
  }

  public List<OriginFile> files() {
    return files;
  }

  /** Its address as the demo's index has it. */
  public String url(OriginFile file) {
    return file.https()
        ? "https://127.0.0.1:" + https.getAddress().getPort() + PREFIX + file.number()
        : "http://127.0.0.1:" + http.getAddress().getPort() + PREFIX + file.number();
  }

  @Override
  public void close() {
    closing.countDown();
    http.stop(0);
    https.stop(0);
    threads.shutdownNow();
  }
}
