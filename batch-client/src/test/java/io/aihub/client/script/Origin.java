package io.aihub.client.script;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A place to download from, over http and over https with a self-signed certificate. */
final class Origin implements AutoCloseable {

  static final byte[] FILE = "some bytes \0\1\2".getBytes(StandardCharsets.ISO_8859_1);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;
  private final HttpsServer https;

  Origin(Path folder) throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http = HttpServer.create(anyPort, 0);
    https = HttpsServer.create(anyPort, 0);
    https.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
    for (HttpServer server : new HttpServer[] {http, https}) {
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
    }
  }

  String http() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  String https() {
    return "https://127.0.0.1:" + https.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/status/")) {
      exchange.getResponseHeaders().set("Retry-After", "17");
      exchange.sendResponseHeaders(Integer.parseInt(path.substring(8)), -1);
    } else if (path.equals("/redirect")) {
      exchange.getResponseHeaders().set("Location", "/file");
      exchange.sendResponseHeaders(302, -1);
    } else if (path.equals("/hang")) {
      try {
        closed.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
      }
    } else if (!path.equals("/no-answer")) {
      exchange.sendResponseHeaders(200, FILE.length);
      exchange.getResponseBody().write(FILE);
    }
    exchange.close();
  }

  private static SSLContext selfSigned(Path folder) throws Exception {
    Path store = folder.resolve("origin.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "origin",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "origin",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "origin".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "origin".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    https.stop(0);
    threads.shutdownNow();
  }
}
