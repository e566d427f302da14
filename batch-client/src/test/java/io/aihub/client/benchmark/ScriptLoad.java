package io.aihub.client.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.Script;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptOutcome;
import io.aihub.client.script.ScriptRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls scripts as the client's workers do, without queue and uploads: the process that the
 * benchmark {@code script} measures. Orders come by standard input, a line each; {@code run SECONDS
 * WORKERS BASE} lets workers download {@code BASE/NUMBER.jpg} and answers {@code DOWNLOADS CPU_MS
 * SECONDS}; {@code once SCRIPT LINE} calls another script and answers {@code SECONDS CPU_MS}.
 */
public final class ScriptLoad {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final List<ScriptContext> contexts = new ArrayList<>();
  private final List<Path> roots = new ArrayList<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger troubles = new AtomicInteger();
  private final ScriptRuntime runtime;
  private final Script script;

  private ScriptLoad(ScriptRuntime runtime, Script script) {
    this.runtime = runtime;
    this.script = script;
  }

  /**
   * Arguments: home of the runtime, folder for outputs, another for those of other scripts, the
   * script, number of workers.
   */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[1]);
    Path others = Path.of(arguments[2]);
    Trees.delete(work);
    Trees.delete(others);
    ScriptLoad load =
        new ScriptLoad(new ScriptRuntime(Path.of(arguments[0])), read(Path.of(arguments[3])));
    int workers = Integer.parseInt(arguments[4]);
    for (int i = 0; i < workers; i++) {
      load.addWorker(work.resolve("worker-" + i));
    }
    answer("ready");
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ", -1);
      if (words[0].equals("run")) {
        load.run(Double.parseDouble(words[1]), Integer.parseInt(words[2]), words[3]);
      } else if (words[0].equals("clear")) {
        Trees.delete(others.resolve("lease"));
        answer("cleared");
      } else {
        if (load.contexts.size() == workers) {
          load.addWorker(others);
        }
        load.once(workers, read(Path.of(words[1])), words[2]);
      }
    }
    Trees.delete(work);
    Trees.delete(others);
    Runtime.getRuntime().halt(0);
  }

  private void addWorker(Path root) throws IOException {
    ScriptContext context = runtime.newContext(Files.createDirectories(root));
    context.prepare();
    roots.add(root);
    contexts.add(context);
  }

  private void run(double seconds, int workers, String base) throws InterruptedException {
    AtomicLong downloads = new AtomicLong();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long cpu = PROCESS.getProcessCpuTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      int worker = i;
      Thread thread =
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  long number = numbers.incrementAndGet();
                  if (call(
                      worker, script, base + "/" + number + ".jpg|==|/" + number + "/_/a.jpg")) {
                    downloads.incrementAndGet();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    answer(
        "%d %.3f %.3f",
        downloads.get(),
        (PROCESS.getProcessCpuTime() - cpu) / 1e6,
        (System.nanoTime() - start) / 1e9);
  }

  private void once(int worker, Script other, String line) {
    Path folder = emptyFolder(worker);
    long start = System.nanoTime();
    long cpu = PROCESS.getProcessCpuTime();
    if (produces(worker, other, line, folder)) {
      answer(
          "%.4f %.3f",
          (System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - cpu) / 1e6);
    } else {
      answer("failed 0");
    }
  }

  /** As the client's LineRunner does it. */
  private boolean call(int worker, Script called, String line) {
    Path folder = emptyFolder(worker);
    boolean produced = produces(worker, called, line, folder);
    Trees.delete(folder);
    return produced;
  }

  private Path emptyFolder(int worker) {
    Path folder = roots.get(worker).resolve("lease").resolve(Long.toString(numbers.get()));
    Trees.delete(folder);
    try {
      return Files.createDirectories(folder);
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }

  private boolean produces(int worker, Script called, String line, Path folder) {
    ScriptOutcome outcome = contexts.get(worker).download(called, line, folder, LIMIT);
    if (outcome instanceof ScriptOutcome.Produced) {
      return true;
    }
    if (troubles.incrementAndGet() <= 10) {
      System.err.println(outcome);
    }
    return false;
  }

  private static Script read(Path file) throws IOException {
    byte[] source = Files.readAllBytes(file);
    try {
      return new Script(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source)),
          new String(source, StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void answer(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
    System.out.flush();
  }
}
