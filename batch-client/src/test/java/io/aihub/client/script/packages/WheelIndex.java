package io.aihub.client.script.packages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A package index on loopback (PEP 503) with small packages of every kind: what a client may meet.
 * Also a program, {@code WheelIndex PORT}, which serves until it is killed.
 */
public final class WheelIndex implements AutoCloseable {

  private static final String PURE = "py3-none-any";

  /** Else an index that is started again would have other files by the same names. */
  private static final LocalDateTime ALWAYS = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final HttpServer server;
  private final Map<String, Map<String, byte[]>> projects = new LinkedHashMap<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();

  /**
   * Serves on a port.
   *
   * @param port 0: any
   */
  public WheelIndex(int port) throws IOException {
    fill();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/simple/", this::page);
    server.createContext("/files/", this::file);
    server.setExecutor(Executors.newCachedThreadPool(WheelIndex::daemon));
    server.start();
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (WheelIndex index = new WheelIndex(Integer.parseInt(arguments[0]))) {
      System.out.println(index.address());
      Thread.currentThread().join();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "wheel-index");
    thread.setDaemon(true);
    return thread;
  }

  /** As pip's {@code --index-url}. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/simple/");
  }

  /** The paths that were asked for since the last time, in their order. */
  public List<String> requests() {
    List<String> asked = requests.stream().toList();
    requests.clear();
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void fill() throws IOException {
    wheel("greeting", "1.0", PURE, "phrases>=1.0", Map.of("greeting/__init__.py", GREETING));
    wheel("phrases", "1.0", PURE, null, Map.of("phrases.py", "HELLO = 'hello'\n"));
    wheel("phrases", "2.0", PURE, null, Map.of("phrases.py", "HELLO = 'good day'\n"));
    file("phrases", "phrases-1.0.tar.gz", new byte[] {1});
    file("phrases", "phrases-3.0.tar.gz", new byte[] {1});
    wheel("old-phrases", "1.0", PURE, "phrases==1.0", Map.of("old_phrases.py", ""));
    wheel("new-phrases", "1.0", PURE, "phrases==2.0", Map.of("new_phrases.py", ""));
    wheel("old-wire", "1.0", PURE, "urllib3<2", Map.of("old_wire.py", ""));
    wheel("hidden-native", "1.0", PURE, null, Map.of("hidden/_fast.so", "\u007fELF"));
    wheel("bulky", "1.0", PURE, null, Map.of("bulky.py", "# " + "x".repeat(4 << 20)));
    wheel("compiled", "1.0", "cp312-cp312-manylinux_2_17_x86_64", null, Map.of("c.py", ""));
    wheel("for-snakes", "1.0", PURE, null, Map.of("snakes.py", ""));
    file("source-only", "source_only-1.0.tar.gz", new byte[] {1});
  }

  private static final String GREETING =
      """
      import phrases, requests

      def greet(name):
          return f'{phrases.HELLO}, {name} ({requests.__name__})'
      """;

  private void file(String project, String name, byte[] content) {
    projects.computeIfAbsent(project, any -> new LinkedHashMap<>()).put(name, content);
  }

  private void wheel(
      String project, String version, String tag, String requires, Map<String, String> files)
      throws IOException {
    String name = project.replace('-', '_') + "-" + version;
    Map<String, String> all = new LinkedHashMap<>(files);
    String metadata = "Metadata-Version: 2.1\nName: " + project + "\nVersion: " + version + "\n";
    all.put(
        name + ".dist-info/METADATA",
        requires == null ? metadata : metadata + "Requires-Dist: " + requires + "\n");
    all.put(
        name + ".dist-info/WHEEL",
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: " + tag + "\n");
    String record = name + ".dist-info/RECORD";
    all.put(
        record,
        all.keySet().stream().map(file -> file + ",,\n").collect(Collectors.joining())
            + record
            + ",,\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : all.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(ALWAYS);
        zip.putNextEntry(entry);
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    file(project, name + "-" + tag + ".whl", bytes.toByteArray());
  }

  private void page(HttpExchange exchange) throws IOException {
    String project = last(exchange);
    Map<String, byte[]> files = projects.get(project);
    if (project.equals("never-answers")) {
      return; // the connection stays open
    } else if (project.equals("out-of-order")) {
      answer(exchange, 403, "text/plain", "not today".getBytes(StandardCharsets.UTF_8));
    } else if (files == null) {
      answer(exchange, 404, "text/plain", new byte[0]);
    } else {
      String python = project.equals("for-snakes") ? " data-requires-python='&lt;3.9'" : "";
      String links =
          files.entrySet().stream()
              .map(
                  file ->
                      "<a href='/files/%1$s#sha256=%2$s'%3$s>%1$s</a>\n"
                          .formatted(file.getKey(), sha256(file.getValue()), python))
              .collect(Collectors.joining());
      answer(exchange, 200, "text/html", links.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void file(HttpExchange exchange) throws IOException {
    String name = last(exchange);
    for (Map<String, byte[]> files : projects.values()) {
      if (files.containsKey(name)) {
        answer(exchange, 200, "application/octet-stream", files.get(name));
        return;
      }
    }
    answer(exchange, 404, "text/plain", new byte[0]);
  }

  private String last(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    return path.replaceAll("/$", "").replaceAll(".*/", "");
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
