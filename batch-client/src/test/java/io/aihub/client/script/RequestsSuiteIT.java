package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.wire.NetworkRules;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * requests' own tests, run by a script over Java's connections and, with stock requests, by
 * CPython. What comes out differently stands in {@code differences.txt}, with the reason.
 */
class RequestsSuiteIT {

  private static final Path PROGRAMS = Path.of("src/test/python/requests-suite").toAbsolutePath();
  private static final Path FOLDER = Path.of("target/requests-suite").toAbsolutePath();
  private static final Path CPYTHON = FOLDER.resolve("fetched/venv/bin/python");
  private static final Duration LIMIT = Duration.ofMinutes(15);

  @BeforeAll
  static void fetch() throws Exception {
    Files.createDirectories(FOLDER);
    Path log = FOLDER.resolve("fetch.log");
    Path lock = Path.of("src/main/python/requirements.lock").toAbsolutePath();
    String program = PROGRAMS.resolve("prepare.py").toString();
    String fetched = FOLDER.resolve("fetched").toString();
    if (!succeeds(log, "python3", program, fetched, lock.toString())) {
      String missing =
          "requests' own tests need a CPython 3 with venv, and an index of packages; see " + log;
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
  }

  @Test
  void aScriptPassesWhatCPythonPassesButForWhatIsListed() throws Exception {
    Map<String, String> listed = listed();
    Path stock = Files.createDirectories(emptied("cpython"));
    Path worker = Files.createDirectories(emptied("graalpy"));
    Path line = worker.resolve("line");
    Map<String, Result> there;
    Map<String, Result> here;
    ScriptLimits limits = new ScriptLimits(LIMIT, 1L << 30, 10_000, 512, 64, 10);
    try (Httpbin httpbin = Httpbin.start();
        ScriptRuntime runtime =
            new ScriptRuntime(
                Path.of("target/script-runtime").toAbsolutePath(),
                true,
                limits,
                NetworkRules.none());
        ScriptContext context = runtime.newContext(worker)) {
      copyTests(stock, httpbin);
      copyTests(line, httpbin);
      copy(FOLDER.resolve("fetched/site"), line.resolve("site"));
      Process cpython = cpython(stock, httpbin);
      here = graalpy(context, line, httpbin, List.of());
      assertThat(cpython.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      there = results(stock);
      List<String> surprises =
          differences(here, there).keySet().stream()
              .filter(test -> !listed.containsKey(test) && here.containsKey(test))
              .toList();
      if (!surprises.isEmpty()) { // some of the tests are about time, and the machine may be busy
        here.putAll(graalpy(context, line, httpbin, surprises));
      }
      assertThat(runtime.leasedConnections()).isZero();
    }
    Map<String, String> differences = differences(here, there);
    System.out.printf(
        "requests' own tests: %d pass in both, %d are skipped in both, %d differ%n",
        count(here, there, "passed"), count(here, there, "skipped"), differences.size());

    assertThat(here).hasSizeGreaterThan(500);
    assertThat(differences.keySet())
        .as(
            "what differs: %s; a test that is listed but no longer does is to be taken out",
            differences)
        .isEqualTo(listed.keySet());
  }

  /** What became of a test: passed, failed or skipped, and why. */
  private record Result(String outcome, String why) {}

  private static Map<String, Result> graalpy(
      ScriptContext context, Path line, Httpbin httpbin, List<String> tests) throws Exception {
    String arguments =
        Stream.concat(Stream.of(httpbin.http, httpbin.https), tests.stream())
            .collect(Collectors.joining("\t"));
    String source = Files.readString(PROGRAMS.resolve("run_suite.py"));
    ScriptOutcome outcome = context.download(TestScripts.script(source), arguments, line, LIMIT);
    assertThat(outcome).isInstanceOf(Produced.class);
    Files.writeString(FOLDER.resolve("graalpy.log"), ((Produced) outcome).output());
    return results(line);
  }

  private static Process cpython(Path folder, Httpbin httpbin) throws IOException {
    ProcessBuilder run =
        new ProcessBuilder(
            CPYTHON.toString(),
            PROGRAMS.resolve("run_suite.py").toString(),
            folder.toString(),
            httpbin.http,
            httpbin.https);
    run.environment().put("HOME", folder.toString());
    return run.redirectErrorStream(true)
        .redirectOutput(FOLDER.resolve("cpython.log").toFile())
        .start();
  }

  private static Map<String, Result> results(Path folder) throws IOException {
    Map<String, Result> results = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("results.txt"))) {
      String[] parts = line.split("\t", 3);
      results.put(parts[0], new Result(parts[1], parts[2]));
    }
    return results;
  }

  private static Map<String, String> differences(
      Map<String, Result> here, Map<String, Result> there) {
    Result none = new Result("not there", "");
    Map<String, String> differences = new TreeMap<>();
    Stream.concat(here.keySet().stream(), there.keySet().stream())
        .forEach(
            test -> {
              Result ours = here.getOrDefault(test, none);
              Result stock = there.getOrDefault(test, none);
              if (!ours.outcome().equals(stock.outcome())) {
                differences.put(test, "in GraalPy " + ours + ", in CPython " + stock);
              }
            });
    return differences;
  }

  private static long count(Map<String, Result> here, Map<String, Result> there, String outcome) {
    return here.entrySet().stream()
        .filter(test -> test.getValue().outcome().equals(outcome))
        .filter(test -> there.containsKey(test.getKey()))
        .filter(test -> there.get(test.getKey()).outcome().equals(outcome))
        .count();
  }

  /** Tests that come out differently, and why. */
  private static Map<String, String> listed() throws IOException {
    Map<String, String> listed = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PROGRAMS.resolve("differences.txt"))) {
      if (!line.startsWith("#")) {
        int tab = line.indexOf('\t');
        listed.put(line.substring(0, tab), line.substring(tab + 1));
      }
    }
    return listed;
  }

  private static Path emptied(String name) {
    Path folder = FOLDER.resolve(name);
    Trees.delete(folder);
    return folder;
  }

  private static void copyTests(Path folder, Httpbin httpbin) throws IOException {
    Path source = FOLDER.resolve("fetched/source");
    copy(source.resolve("tests"), folder.resolve("tests"));
    for (String file : List.of("pyproject.toml", "requirements-dev.txt")) {
      Files.copy(source.resolve(file), folder.resolve(file));
    }
    Files.copy(httpbin.bundle, folder.resolve("httpbin.pem"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  private static boolean succeeds(Path log, String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /** What the tests send their requests to, in a process of its own. */
  private static final class Httpbin implements AutoCloseable {
    private final Process process;
    private final String http;
    private final String https;
    private final Path bundle;

    private Httpbin(Process process, String[] addresses) {
      this.process = process;
      this.http = addresses[0];
      this.https = addresses[1];
      this.bundle = Path.of(addresses[2]);
    }

    static Httpbin start() throws IOException {
      Process process =
          new ProcessBuilder(CPYTHON.toString(), PROGRAMS.resolve("httpbin_server.py").toString())
              .redirectError(FOLDER.resolve("httpbin.log").toFile())
              .start();
      BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
      return new Httpbin(process, said.readLine().split(" ", -1));
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close(); // it ends with its input
    }
  }
}
