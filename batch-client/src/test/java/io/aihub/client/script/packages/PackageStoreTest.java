package io.aihub.client.script.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.Script;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptOutcome;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.script.ScriptRuntime;
import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.ResolutionProblem.Kind;
import io.aihub.requirement.api.ResolutionReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages in the real pip, in a process of its own, and in scripts. */
class PackageStoreTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir static Path temporary;
  private static Path home;
  private static WheelIndex index;
  private static ScriptRuntime runtime;
  private static int folders;

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return Instant.now().plus(later);
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };

  private Duration later = Duration.ZERO;

  @BeforeAll
  static void start() throws IOException {
    index = new WheelIndex(0);
    home = Path.of("target/script-runtime").toAbsolutePath();
    runtime = new ScriptRuntime(home);
    Trees.delete(home.resolve("packages"));
  }

  @AfterAll
  static void stop() {
    runtime.close();
    index.close();
  }

  private PackageStore store(Duration limit, long bytes) throws IOException {
    return runtime.newPackageStore(
        new PackageSettings(index.address().toString(), null, limit, bytes), clock);
  }

  private PackageStore store() throws IOException {
    return store(LIMIT, 64 << 20);
  }

  private static ScriptOutcome call(Script script) throws IOException {
    Path root = Files.createDirectories(temporary.resolve("worker-" + ++folders));
    try (ScriptContext context = runtime.newContext(root)) {
      return context.download(script, "wold", Files.createDirectory(root.resolve("1")), LIMIT);
    }
  }

  private static Script script(String source, Path packages) {
    return new Script(WheelIndex.sha256(source.getBytes(StandardCharsets.UTF_8)), source, packages);
  }

  /** The pins, installed. */
  private List<PackagePin> resolved(PackageStore store, String requirements) throws IOException {
    ResolutionReport report = store.resolve(requirements);
    assertThat(report.problem()).isNull();
    return report.pins();
  }

  private long askedFor(String file) {
    return index.requests().stream().filter(path -> path.endsWith(file)).count();
  }

  @Test
  void packagesAreInstalledOnceAndServeScriptsWithoutAnIndexFromThenOn() throws Exception {
    List<PackagePin> pins;
    try (PackageStore first = store()) {
      pins = resolved(first, "greeting\n");
      assertThat(index.requests()).isNotEmpty();
      first.require(pins);
    }
    Path packages;
    try (PackageStore afterRestart = store()) {
      packages = afterRestart.require(pins);
    }
    assertThat(index.requests()).isEmpty();

    String greeting =
        """
        import greeting
        def download(line, out):
            with open(out + '/a', 'w') as f: f.write(greeting.greet(line))
            return out + '/a'
        """;
    assertThat(((Produced) call(script(greeting, packages))).file())
        .hasContent("good day, wold (requests)");
    assertThat(((Failed) call(script(greeting, null))).message())
        .contains("No module named 'greeting'");

    String vandal =
        """
        import greeting
        def download(line, out):
            open(greeting.__file__, 'w')
        """;
    assertThat(((Failed) call(script(vandal, packages))).message()).contains("PermissionError");
    String spy = "def download(line, out): open('" + packages + "/phrases.py')";
    assertThat(((Failed) call(script(spy, null))).message()).contains("PermissionError");
    assertThat(((Failed) call(script(spy, packages))).message()).contains("download returned None");
  }

  @Test
  void theByteCodeIsMadeWhenPackagesAreInstalledNotByScripts() throws Exception {
    try (PackageStore store = store()) {
      Path packages = store.require(resolved(store, "phrases==1.0\n"));
      Path cache = home.toRealPath().resolve("byte-code");
      try (Stream<Path> files =
          Files.list(cache.resolve(packages.getRoot().relativize(packages)))) {
        assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("phrases."));
      }
    }
  }

  @Test
  void whatIsDamagedOrHalfMadeIsInstalledAnewAndByOneOfManyWorkers() throws Exception {
    List<PackagePin> pins;
    Path packages;
    try (PackageStore store = store()) {
      pins = resolved(store, "old-phrases\n");
      packages = store.require(pins);
    }
    Files.writeString(packages.resolve("phrases.py"), "HELLO = 'mischief'\n");
    index.requests();
    try (PackageStore store = store()) {
      CompletableFuture<Path> other =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return store.require(pins);
                } catch (MissingPackagesException | IOException failure) {
                  throw new IllegalStateException(failure);
                }
              });
      assertThat(store.require(pins)).isEqualTo(packages);
      assertThat(other.get(2, TimeUnit.MINUTES)).isEqualTo(packages);
    }
    assertThat(askedFor("phrases-1.0-py3-none-any.whl")).isEqualTo(2); // of which old_phrases one
    assertThat(packages.resolve("phrases.py")).hasContent("HELLO = 'hello'");

    Files.delete(packages.resolveSibling(packages.getFileName() + ".ready"));
    store().close();
    assertThat(packages).doesNotExist();
  }

  @Test
  void whatCannotBeInstalledIsToldAndTriedAgainAfterAPause() throws Exception {
    PackagePin gone = new PackagePin("nosuch", "1.0", "ab".repeat(32), List.of());
    try (PackageStore store = store()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> store.require(List.of(gone)))
            .isInstanceOf(MissingPackagesException.class)
            .hasMessageContaining("nosuch");
      }
      assertThat(askedFor("nosuch/")).isOne();
      later = Duration.ofMinutes(1);
      assertThatThrownBy(() -> store.require(List.of(gone))).hasMessageContaining("nosuch");
      assertThat(askedFor("nosuch/")).isOne();
    }
  }

  @Test
  void whatTakesTooMuchTimeOrRoomIsGivenUp() throws Exception {
    try (PackageStore store = store(Duration.ofSeconds(1), 64 << 20)) {
      assertThat(store.resolve("phrases\n").problem().kind()).isEqualTo(Kind.SLOW);
    }
    try (PackageStore store = store(LIMIT, 1 << 20)) {
      assertThat(store.resolve("bulky\n").problem().kind()).isEqualTo(Kind.LARGE);
    }
    try (PackageStore store = store(LIMIT, Long.MAX_VALUE)) {
      assertThat(store.resolve("phrases\n").problem().kind()).isEqualTo(Kind.NO_ROOM);
    }
  }

  @Test
  void aClientThatStopsWaitsForNoIndex() throws Exception {
    index.requests();
    PackageStore store = store();
    CompletableFuture<ResolutionReport> report =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return store.resolve("never-answers\n");
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
    await().atMost(LIMIT).until(() -> askedFor("never-answers/") > 0);
    store.close();
    assertThat(report.get(5, TimeUnit.SECONDS)).isNull();
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> child.info().commandLine().orElse("").contains("PipMain"));
  }

  @Test
  void whatNoScriptUsesForAMonthIsDeleted() throws Exception {
    Path packages;
    try (PackageStore store = store()) {
      packages = store.require(resolved(store, "new-phrases\n"));
    }
    later = Duration.ofDays(29);
    store().close();
    assertThat(packages).exists();
    later = Duration.ofDays(31);
    store().close();
    assertThat(packages).doesNotExist();
  }
}
