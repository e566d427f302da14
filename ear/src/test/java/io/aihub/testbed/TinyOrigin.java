package io.aihub.testbed;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A website on one address of this machine whose every page says "ok". */
public final class TinyOrigin implements AutoCloseable {

  /** A script that fetches the URL that a line is. */
  public static final String SCRIPT =
      """
      import os
      import requests

      def download(line, output_local_dir):
          response = requests.get(line)
          response.raise_for_status()
          path = os.path.join(output_local_dir, line.rpartition('/')[2])
          with open(path, 'wb') as file:
              file.write(response.content)
          return path
      """;

  private final AtomicInteger reached = new AtomicInteger();
  private final HttpServer server;

  /**
   * Starts it on a port of its own.
   *
   * @param address as in {@code 127.0.0.2}
   */
  public TinyOrigin(String address) throws IOException {
    server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          reached.incrementAndGet();
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** How often it was asked for something. */
  public int reached() {
    return reached.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
