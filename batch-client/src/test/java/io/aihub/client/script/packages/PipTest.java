package io.aihub.client.script.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.requirement.api.ResolutionReport;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code pip.py} makes of requirements, all in one GraalPy. */
class PipTest {

  private static final Jsonb JSON = JsonbBuilder.create();

  @TempDir static Path temporary;
  private static WheelIndex index;
  private static Context context;
  private static int runs;

  @BeforeAll
  static void start() throws Exception {
    index = new WheelIndex(0);
    Path library = Files.createDirectory(temporary.resolve("library"));
    for (String builtIn : List.of("requests-2.34.2", "urllib3-2.6.3")) {
      Path info = Files.createDirectory(library.resolve(builtIn + ".dist-info"));
      String name = builtIn.replaceAll("-.*", "");
      String version = builtIn.replaceAll(".*-", "");
      Files.writeString(
          info.resolve("METADATA"),
          "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
    }
    Files.createDirectory(temporary.resolve("packages"));
    context = PipMain.open(temporary, temporary.resolve("byte-code"));
  }

  @AfterAll
  static void stop() {
    context.close(true);
    index.close();
  }

  private static ResolutionReport run(Map<String, ?> request) throws Exception {
    Path work = Files.createDirectory(temporary.resolve("work-" + ++runs));
    Map<String, Object> all = new HashMap<>(request);
    all.put("packages", temporary.resolve("packages").toString());
    all.put("library", temporary.resolve("library").toString());
    all.put("index", index.address().toString());
    Files.writeString(work.resolve("request.json"), JSON.toJson(all));
    PipMain.run(context, work);
    return JSON.fromJson(Files.readString(work.resolve("answer.json")), ResolutionReport.class);
  }

  private static ResolutionReport resolve(String requirements) throws Exception {
    return run(Map.of("requirements", requirements));
  }

  @Test
  void whatIsRequiredIsPinnedWithAllThatItRequiresItself() throws Exception {
    ResolutionReport report = resolve("# ours\nGreeting >= 1 # the newest\nrequests>=2\n");

    assertThat(report.problem()).isNull();
    assertThat(report.pins())
        .extracting(PackagePin::name, PackagePin::version, PackagePin::modules)
        .containsExactly(
            tuple("greeting", "1.0", List.of("greeting")),
            tuple("phrases", "2.0", List.of("phrases")));
    assertThat(report.pins().get(0).sha256()).hasSize(64);
  }

  @Test
  void whatClientsHaveIsNotInstalledAgain() throws Exception {
    index.requests();
    assertThat(resolve("requests\nurllib3>=2\nnosuch; python_version < '3'\n").pins()).isEmpty();
    assertThat(index.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nosuch>=1                  | UNKNOWN     | nosuch         | nosuch>=1
          phrases==7                 | VERSION     | phrases        | phrases==7
          phrases>2                  | SOURCE_ONLY | phrases        | phrases>2
          compiled                   | COMPILED    | compiled       | compiled
          source-only                | SOURCE_ONLY | source-only    | source-only
          for-snakes                 | PYTHON      | for-snakes     | for-snakes
          old-phrases,new-phrases    | CONFLICT    | phrases        | phrases==1.0 (old-phrases 1.0)
          requests<2                 | BUILT_IN    | requests 2.34.2 | requests<2
          old-wire                   | BUILT_IN    | urllib3 2.6.3  | urllib3<2 (old-wire 1.0)
          hidden-native              | NATIVE      | hidden-native  | hidden/_fast.so
          out-of-order               | UNREACHABLE | out-of-order   | 403
          phrases; python == '3'     | LINE        | phrases; python == '3' |
          phrases @ http://127.0.0.1 | LINE        | phrases @ http://127.0.0.1 | an address
          -r other.txt               | LINE        | -r other.txt   |
          --index-url=http://x/      | LINE        |                |
          """)
  void whatIsInTheWayIsTold(String lines, String kind, String subject, String detail)
      throws Exception {
    ResolutionProblem problem = resolve(lines.replace(',', '\n')).problem();

    assertThat(problem.kind()).hasToString(kind);
    assertThat(problem.subject()).isEqualTo(subject == null ? problem.subject() : subject);
    assertThat(problem.detail()).contains(detail == null ? "" : detail);
    assertThat(problem.line()).isEqualTo(kind.equals("LINE") ? 1 : null);
  }

  @Test
  void onlyTheVeryWheelThatWasPinnedIsInstalled() throws Exception {
    PackagePin pin = resolve("phrases==1.0\n").pins().get(0);
    PackagePin other = new PackagePin(pin.name(), pin.version(), "ab".repeat(32), List.of());

    ResolutionProblem problem = run(Map.of("pins", List.of(other))).problem();

    assertThat(problem.kind()).isEqualTo(ResolutionProblem.Kind.HASH);
  }
}
