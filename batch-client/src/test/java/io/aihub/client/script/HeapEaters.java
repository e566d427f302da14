package io.aihub.client.script;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.wire.NetworkRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has one worker call what eats the heap, one after the other, while other workers download files
 * into memory: for a process of its own. It ends with status 0 when each eater was stopped, and no
 * other call.
 */
final class HeapEaters {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final String SCRIPT =
      """
      import json, os

      def eat_list():
          eaten = []
          while True:
              eaten.append(bytearray(100_000))

      def eat_text():
          eaten = []
          while True:
              eaten.append('text' * 1000 + str(len(eaten)))

      def eat_dictionary():
          eaten = {}
          while True:
              eaten[str(len(eaten))] = {'number': len(eaten)}

      def eat_nest():
          eaten = []
          while True:
              eaten = [eaten, {'more': eaten}]

      def neighbour():
          for _ in range(20):
              body = bytearray(2_000_000)
          return 'file'

      def download(line, output_local_dir):
          globals()[line]()
          with open(os.path.join(output_local_dir, 'file'), 'w') as file:
              file.write(line)
          return 'file'
      """;

  private final ScriptRuntime runtime;
  private final Path work;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private volatile boolean over;

  private HeapEaters(ScriptRuntime runtime, Path work) {
    this.runtime = runtime;
    this.work = work;
  }

  /** Arguments: home of the runtime, folder for outputs, number of neighbours, then the eaters. */
  public static void main(String[] arguments) throws Exception {
    ScriptRuntime runtime =
        new ScriptRuntime(Path.of(arguments[0]), true, ScriptLimits.DEFAULT, NetworkRules.none());
    HeapEaters test = new HeapEaters(runtime, Path.of(arguments[1]));
    test.run(Integer.parseInt(arguments[2]), Arrays.asList(arguments).subList(3, arguments.length));
    System.out.flush();
    Runtime.getRuntime().halt(test.wrong.get() == 0 ? 0 : 1);
  }

  private void run(int neighbours, List<String> eaters) throws Exception {
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < neighbours; i++) {
      others.add(new Thread(this::beside));
    }
    others.forEach(Thread::start);
    try (ScriptContext context = context()) {
      for (String eater : eaters) {
        long begun = System.nanoTime();
        ScriptOutcome outcome = call(context, eater);
        System.out.printf(
            Locale.ROOT, "%s %.2f s: %s%n", eater, (System.nanoTime() - begun) / 1e9, outcome);
        if (!(outcome instanceof Failed failed && failed.message().contains("more memory than"))) {
          wrong.incrementAndGet();
        }
      }
    }
    over = true;
    for (Thread other : others) {
      other.join();
    }
    System.out.printf("calls=%d wrong=%d%n", calls.get(), wrong.get());
  }

  private void beside() {
    try (ScriptContext context = context()) {
      while (!over) {
        ScriptOutcome outcome = call(context, "neighbour");
        if (!(outcome instanceof Produced)) {
          System.out.println("a neighbour: " + outcome);
          wrong.incrementAndGet();
        }
      }
    } catch (IOException broken) {
      System.out.println("a neighbour: " + broken);
      wrong.incrementAndGet();
    }
  }

  private ScriptContext context() throws IOException {
    return runtime.newContext(
        Files.createDirectories(work.resolve("worker-" + calls.incrementAndGet())));
  }

  private ScriptOutcome call(ScriptContext context, String line) throws IOException {
    Path folder = Files.createDirectories(work.resolve("call-" + calls.incrementAndGet()));
    try {
      return context.download(TestScripts.script(SCRIPT), line, folder, LIMIT);
    } finally {
      Trees.delete(folder);
    }
  }
}
