package io.aihub.client.script;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Answers one request, with a body in whose midst it waits until it may go on. */
final class PausingOrigin implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final CompletableFuture<Void> paused = new CompletableFuture<>();
  private final CompletableFuture<Long> left = new CompletableFuture<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final int megabytes;

  /**
   * Waits for the request.
   *
   * @param megabytes what it sends before it waits; one more follows
   */
  PausingOrigin(int megabytes) throws IOException {
    this.megabytes = megabytes;
    Thread thread = new Thread(this::answer, "pausing-origin");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  /** Done when it waits; what it has sent is read then, but for what sockets hold. */
  CompletableFuture<Void> paused() {
    return paused;
  }

  /** When the other side has closed the connection, as {@link System#nanoTime} has it. */
  CompletableFuture<Long> left() {
    return left;
  }

  void goOn() {
    goOn.countDown();
  }

  private void answer() {
    try (Socket socket = server.accept();
        OutputStream out = socket.getOutputStream()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      while (!in.readLine().isEmpty()) {
        // its head says nothing that matters
      }
      byte[] megabyte = new byte[1 << 20];
      long length = (megabytes + 1L) * megabyte.length;
      out.write(
          ("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      for (int sent = 0; sent < megabytes; sent++) {
        out.write(megabyte);
      }
      out.flush();
      CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> awaitEnd(in));
      paused.complete(null);
      goOn.await();
      out.write(megabyte);
      out.flush();
      left.join();
    } catch (IOException | InterruptedException gone) {
      paused.completeExceptionally(gone);
    }
  }

  private void awaitEnd(BufferedReader in) {
    try {
      while (in.read() >= 0) {
        // a client that has sent its request sends no more
      }
    } catch (IOException reset) {
      // an end as well
    }
    left.complete(System.nanoTime());
  }

  @Override
  public void close() throws IOException {
    goOn.countDown();
    server.close();
  }
}
