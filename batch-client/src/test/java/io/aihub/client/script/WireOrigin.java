package io.aihub.client.script;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An origin, and a proxy, made of bare sockets, so that it can do all that origins do wrong. The
 * path says what it does. {@code main} runs it alone, to see what CPython makes of it.
 */
final class WireOrigin implements AutoCloseable {

  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket http;
  private final ServerSocket https;
  private final Path bundle;

  WireOrigin(Path folder) throws Exception {
    bundle = folder.resolve("origin.pem");
    http = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    https =
        selfSigned(folder, bundle)
            .getServerSocketFactory()
            .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    threads.execute(() -> accept(http));
    threads.execute(() -> accept(https));
  }

  public static void main(String[] args) throws Exception {
    WireOrigin origin = new WireOrigin(Path.of(args[0]));
    System.out.println(origin.http.getLocalPort() + " " + origin.https.getLocalPort());
    origin.closed.await();
  }

  int httpPort() {
    return http.getLocalPort();
  }

  int httpsPort() {
    return https.getLocalPort();
  }

  /** A file with the certificate of the https address. */
  Path bundle() {
    return bundle;
  }

  /** How many connections were made so far. */
  int connections() {
    return connections.get();
  }

  private void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        threads.execute(() -> serve(socket));
      } catch (IOException end) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      while (true) {
        String head = head(in);
        if (!head.contains("\r\n\r\n")) {
          write(out, head.isEmpty() ? "" : "HTTP/1.1 400 Bad Request\r\n\r\n");
          return;
        }
        byte[] body = in.readNBytes(length(head));
        while (head.contains("\r\nTransfer-Encoding: chunked") && !head(in).endsWith("0\r\n\r\n")) {
          // a body in chunks is passed over
        }
        String[] line = head.substring(0, head.indexOf('\r')).split(" ", -1);
        try {
          if (!answer(line[0], line[1], head, body, out)) {
            return;
          }
        } catch (ResetException reset) {
          socket.setSoLinger(true, 0);
          return;
        }
      }
    } catch (IOException | InterruptedException gone) {
      // the script's side of it is what is tested
    } finally {
      sockets.remove(socket);
    }
  }

  /** The connection is to be broken, not closed. */
  private static final class ResetException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** False where the connection is to be closed. */
  private boolean answer(String method, String target, String head, byte[] body, OutputStream out)
      throws IOException, InterruptedException {
    String path = target.replaceFirst("^http://[^/]*", "").replaceFirst("[?#].*", "");
    if (path.startsWith("/status/")) {
      String reason = path.endsWith("/404") ? " Not Found" : path.endsWith("/299") ? "" : " Odd";
      return send(
          out, path.substring(8) + reason, "Retry-After: 7\r\n", method, bytes("status body"));
    }
    switch (path) {
      case "/raw" -> { // whatever the case wants to have answered
        String query = target.substring(target.indexOf('?') + 1);
        write(out, URLDecoder.decode(query, StandardCharsets.ISO_8859_1));
        return false;
      }
      case "/echo" -> {
        return send(
            out,
            "200 OK",
            "Content-Type: text/plain\r\n",
            method,
            bytes(head + new String(body, StandardCharsets.ISO_8859_1)));
      }
      case "/redirect" -> {
        return send(out, "302 Found", "Location: /echo?next=1\r\n", method, bytes("go on"));
      }
      case "/redirect-post" -> {
        return send(out, "307 Temporary", "Location: /echo\r\n", method, bytes(""));
      }
      case "/redirect-cookie" -> {
        String headers = "Location: /echo\r\nSet-Cookie: taste=sweet; Path=/\r\n";
        return send(out, "301 Moved", headers, method, bytes(""));
      }
      case "/redirect-loop" -> {
        return send(out, "302 Found", "Location: /redirect-loop\r\n", method, bytes(""));
      }
      case "/redirect-utf8" -> {
        return send(out, "302 Found", "Location: /echo?\u00c3\u00a4=1\r\n", method, bytes(""));
      }
      case "/cookies" -> {
        String headers =
            "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nX-Twice: 1\r\nx-twice: 2\r\n";
        return send(out, "200 OK", headers, method, bytes("cookies"));
      }
      case "/gzip" -> {
        return send(
            out, "200 OK", "Content-Encoding: gzip\r\n", method, gzip("packed ".repeat(500)));
      }
      case "/deflate" -> {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream deflate = new DeflaterOutputStream(packed)) {
          deflate.write(bytes("packed ".repeat(500)));
        }
        return send(out, "200 OK", "Content-Encoding: deflate\r\n", method, packed.toByteArray());
      }
      case "/bad-gzip" -> {
        return send(out, "200 OK", "Content-Encoding: gzip\r\n", method, bytes("no gzip at all"));
      }
      case "/br" -> {
        return send(out, "200 OK", "Content-Encoding: br\r\n", method, bytes("not decoded"));
      }
      case "/gzip-chunked" -> {
        write(
            out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunks(out, gzip("packed ".repeat(500)), 100);
        write(out, "0\r\n\r\n");
        return true;
      }
      case "/chunked" -> {
        write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunks(out, bytes("0123456789".repeat(30)), 70);
        write(out, "0\r\nX-Trailer: 1\r\n\r\n");
        return true;
      }
      case "/chunked-short" -> {
        write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n");
        return false;
      }
      case "/chunked-bad" -> {
        write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nzz\r\n");
        return false;
      }
      case "/short" -> {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nabcde");
        return false;
      }
      case "/until-closed" -> {
        write(out, "HTTP/1.0 200 Fine\r\nContent-Type: text/plain\r\n\r\nall there is");
        return false;
      }
      case "/no-answer" -> {
        return false;
      }
      case "/rubbish" -> {
        write(out, "this is no HTTP\r\n\r\n");
        return false;
      }
      case "/reset" -> {
        throw new ResetException();
      }
      case "/reset-in-body" -> {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nabcde");
        throw new ResetException();
      }
      case "/flaky-reset" -> {
        if (asked.computeIfAbsent(target, t -> new AtomicInteger()).incrementAndGet() < 3) {
          throw new ResetException();
        }
        return send(out, "200 OK", "", method, bytes("at last"));
      }
      case "/hang" -> {
        closed.await(1, TimeUnit.MINUTES);
        return false;
      }
      case "/hang-in-body" -> {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nabcde");
        closed.await(1, TimeUnit.MINUTES);
        return false;
      }
      case "/late-body" -> {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
        closed.await(1500, TimeUnit.MILLISECONDS);
        write(out, "late");
        return true;
      }
      case "/once" -> { // says that it will keep the connection, and doesn't
        send(out, "200 OK", "Connection: keep-alive\r\n", method, bytes("once"));
        return false;
      }
      case "/continue" -> {
        write(out, "HTTP/1.1 100 Continue\r\n\r\n");
        return send(out, "200 OK", "", method, bytes("after continue"));
      }
      case "/flaky" -> { // the first two fail
        int time = asked.computeIfAbsent(target, t -> new AtomicInteger()).incrementAndGet();
        return send(out, time < 3 ? "503 Busy" : "200 OK", "", method, bytes("time " + time));
      }
      case "/big" -> {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: 8000000\r\n\r\n");
        byte[] part = new byte[8000];
        for (int i = 0; i < 1000; i++) {
          part[0] = (byte) i;
          out.write(part);
        }
        return true;
      }
      case "/latin1" -> {
        String headers = "X-Name: caf\u00e9\r\nContent-Type: text/html; charset=latin-1\r\n";
        return send(out, "200 Tr\u00e8s bien", headers, method, bytes("caf\u00e9"));
      }
      case "/basic" -> {
        boolean known = head.contains("\r\nAuthorization: Basic bWU6c2VjcmV0\r\n");
        String headers = known ? "" : "WWW-Authenticate: Basic realm=\"x\"\r\n";
        return send(out, known ? "200 OK" : "401 No", headers, method, bytes("basic " + known));
      }
      case "/digest" -> {
        boolean known = head.contains("\r\nAuthorization: Digest username=\"me\"");
        String headers =
            known ? "" : "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n";
        return send(out, known ? "200 OK" : "401 No", headers, method, bytes("digest " + known));
      }
      case "/empty" -> {
        write(out, "HTTP/1.1 204 No Content\r\n\r\n");
        return true;
      }
      case "/no-reason" -> {
        write(out, "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok");
        return true;
      }
      default -> {
        return send(out, "200 OK", "", method, bytes("the file"));
      }
    }
  }

  private static boolean send(
      OutputStream out, String status, String headers, String method, byte[] body)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(
        bytes("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n" + headers));
    all.write(bytes("\r\n"));
    if (!method.equals("HEAD")) {
      all.write(body);
    }
    out.write(all.toByteArray());
    out.flush();
    return true;
  }

  private static void chunks(OutputStream out, byte[] body, int size) throws IOException {
    for (int at = 0; at < body.length; at += size) {
      int length = Math.min(size, body.length - at);
      write(out, Integer.toHexString(length) + "\r\n");
      out.write(body, at, length);
      write(out, "\r\n");
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes(text));
    }
    return packed.toByteArray();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(bytes(text));
    out.flush();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int c = in.read();
      if (c >= 0) {
        head.append((char) c);
      }
      if (c < ' ' && c != '\r' && c != '\n') {
        return head.toString(); // the end, or TLS
      }
    }
    return head.toString();
  }

  private static int length(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.regionMatches(true, 0, "content-length: ", 0, 16)) {
        return Integer.parseInt(line.substring(16));
      }
    }
    return 0;
  }

  private static SSLContext selfSigned(Path folder, Path bundle) throws Exception {
    Path store = folder.resolve("wire-origin.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String[] common = {"-alias", "origin", "-storepass", "origin", "-keystore", store.toString()};
    run(
        keytool,
        common,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=ip:127.0.0.1",
        "-storetype",
        "PKCS12");
    run(keytool, common, "-exportcert", "-rfc", "-file", bundle.toString());
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

  private static void run(String keytool, String[] common, String... more) throws Exception {
    String[] command = new String[1 + more.length + common.length];
    command[0] = keytool;
    System.arraycopy(more, 0, command, 1, more.length);
    System.arraycopy(common, 0, command, 1 + more.length, common.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    http.close();
    https.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
