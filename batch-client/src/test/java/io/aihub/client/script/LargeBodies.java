package io.aihub.client.script;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Has workers download large files in one piece, all at once: for a process of its own. It ends
 * with status 0 when they all succeeded, and one that is larger than the heap was refused.
 */
final class LargeBodies {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int MEGABYTES = 50;
  private static final int TOO_MANY = 400;

  private static final String SCRIPT =
      """
      import requests

      def download(line, output_local_dir):
          how, url = line.split()
          path = output_local_dir + '/file'
          with open(path, 'wb') as file:
              if how == 'pieces':
                  with requests.get(url, stream=True) as response:
                      for part in response.iter_content(1 << 20):
                          file.write(part)
              else:
                  get = requests.Session().get if how == 'session' else requests.get
                  response = get(url)
                  assert len(response.content) == int(url.rpartition('/')[2]) << 20
                  file.write(response.content)
          return path
      """;

  private final ScriptRuntime runtime;
  private final Path work;
  private final String origin;

  private LargeBodies(ScriptRuntime runtime, Path work, String origin) {
    this.runtime = runtime;
    this.work = work;
    this.origin = origin;
  }

  /** Arguments: home of the runtime, folder for outputs, number of workers. */
  public static void main(String[] arguments) throws Exception {
    HttpServer origin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.setExecutor(Executors.newCachedThreadPool());
    origin.createContext("/", LargeBodies::answer);
    origin.start();
    boolean well =
        new LargeBodies(
                new ScriptRuntime(Path.of(arguments[0])),
                Path.of(arguments[1]),
                "http://127.0.0.1:" + origin.getAddress().getPort())
            .run(Integer.parseInt(arguments[2]));
    Runtime.getRuntime().halt(well ? 0 : 1);
  }

  /** So many megabytes as the path says, of announced length or in chunks. */
  private static void answer(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    byte[] megabyte = new byte[1 << 20];
    int count = Integer.parseInt(path[2]);
    exchange.sendResponseHeaders(
        200, path[1].equals("chunks") ? 0 : (long) count * megabyte.length);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < count; i++) {
        out.write(megabyte);
      }
    }
  }

  private boolean run(int workers) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    boolean well = true;
    for (String kind : List.of("whole length", "whole chunks", "session length")) {
      List<Callable<ScriptOutcome>> calls = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        int worker = i;
        calls.add(() -> call(worker, kind, MEGABYTES));
      }
      for (Future<ScriptOutcome> outcome : pool.invokeAll(calls)) {
        System.out.println(kind + ": " + outcome.get());
        well &= outcome.get() instanceof Produced;
      }
    }
    for (String kind : List.of("whole length", "session length")) {
      ScriptOutcome refused = call(0, kind, TOO_MANY);
      System.out.println(refused);
      well &= refused instanceof Failed failed && failed.message().contains("read it in pieces");
    }
    ScriptOutcome streamed = call(0, "pieces length", TOO_MANY);
    System.out.println(streamed);
    return well && streamed instanceof Produced;
  }

  /** Kinds: how the script reads, a blank, whether the origin says how long it is. */
  private ScriptOutcome call(int worker, String kind, int megabytes) throws IOException {
    Path folder = Files.createDirectories(work.resolve("worker-" + worker + "/call"));
    try (ScriptContext context = runtime.newContext(folder.getParent())) {
      return context.download(
          TestScripts.script(SCRIPT),
          kind.replace(" ", " " + origin + "/") + "/" + megabytes,
          folder,
          LIMIT);
    } finally {
      Trees.delete(folder);
    }
  }
}
