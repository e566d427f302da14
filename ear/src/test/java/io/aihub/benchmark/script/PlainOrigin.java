package io.aihub.benchmark.script;

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
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The process that takes nginx's place where there is none; see {@link FileOrigin}. */
final class PlainOrigin {

  private PlainOrigin() {}

  /** Arguments: folder with the files, key store, ports of http and https. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Path folder = Path.of(arguments[0]);
    InetAddress here = InetAddress.getLoopbackAddress();
    HttpServer http =
        HttpServer.create(new InetSocketAddress(here, Integer.parseInt(arguments[2])), 0);
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(here, Integer.parseInt(arguments[3])), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(tls(Path.of(arguments[1]))));
    byte[] small = Files.readAllBytes(folder.resolve("small"));
    byte[] middle = Files.readAllBytes(folder.resolve("middle"));
    for (HttpServer server : new HttpServer[] {http, https}) {
      server.setExecutor(Executors.newCachedThreadPool());
      server.createContext("/f/", exchange -> send(exchange, small));
      server.createContext("/m/", exchange -> send(exchange, middle));
      server.createContext("/big", exchange -> send(exchange, folder.resolve("big")));
      server.start();
    }
  }

  private static void send(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private static void send(HttpExchange exchange, Path file) throws IOException {
    exchange.sendResponseHeaders(200, Files.size(file));
    Files.copy(file, exchange.getResponseBody());
    exchange.close();
  }

  private static SSLContext tls(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, FileOrigin.PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, FileOrigin.PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
