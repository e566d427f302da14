package io.aihub.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs one benchmark: the command {@code mvn -Pbenchmark -Dbenchmark=NAME}. Described in {@code
 * src-docs/benchmarks.md}.
 */
public final class Benchmark {

  /** A benchmark prints what it finds and ends with a line of figures for programs. */
  @FunctionalInterface
  interface Measurement {

    void run() throws Exception;
  }

  private record Entry(String what, Measurement measurement) {}

  private static final Map<String, Entry> ALL = new LinkedHashMap<>();

  static {
    ALL.put("ingest", new Entry("reading an index, beside COPY", IngestBenchmark::run));
    ALL.put("lease", new Entry("leasing and settling, beside other queues", LeaseBenchmark::run));
    ALL.put("growth", new Entry("the same at few lines and at many", GrowthBenchmark::run));
    ALL.put("steady", new Entry("the same for ten minutes", SteadyBenchmark::run));
    ALL.put("tags", new Entry("hundreds of tasks and clients at once", TagsBenchmark::run));
    ALL.put(
        "script",
        new Entry("downloads of the seed's script, beside CPython", ScriptBenchmark::run));
    ALL.put("hostile", new Entry("what thousands of hostile scripts leave", HostileBenchmark::run));
    ALL.put(
        "pipeline",
        new Entry("files' whole way into storage, beside CPython", PipelineBenchmark::run));
  }

  private Benchmark() {}

  /** Exit status 0: it ran; 1: it failed; 2: there is no such benchmark. */
  public static void main(String[] arguments) {
    String name = Options.text("benchmark", "");
    Entry entry = ALL.get(name);
    if (entry == null) {
      System.err.println(
          (name.isEmpty() ? "Which benchmark?" : "There is no benchmark \"" + name + "\".")
              + " Give -Dbenchmark=NAME, where NAME is one of:");
      ALL.forEach((known, one) -> System.err.printf("  %-8s %s%n", known, one.what()));
      System.exit(2);
    }
    int status = 0;
    try {
      Machine.print();
      entry.measurement().run();
    } catch (Exception failure) { // whatever it is, somebody has to read it
      failure.printStackTrace();
      status = 1;
    }
    System.out.flush();
    System.exit(status);
  }
}
