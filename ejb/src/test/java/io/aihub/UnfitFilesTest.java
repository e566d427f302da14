package io.aihub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.requirement.control.RequirementsText;
import io.aihub.script.control.BroughtModules;
import io.aihub.script.control.ScriptSource;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file that people hand in and that is refused for each reason there is, told in both languages.
 */
class UnfitFilesTest {

  private static final String CALLABLE = "def download(line, out): return None\n";

  /** Each character is a byte: ÿ alone is no UTF-8. */
  private static final Map<String, String> SCRIPTS =
      Map.ofEntries(
          entry("input.required", ""),
          entry("script.large", "#".repeat(ScriptSource.MAX_BYTES + 1)),
          entry("script.charset", "# ÿ"),
          entry("script.nul", "# \0"),
          entry("script.syntax", "def download(line, out:"),
          entry("script.download.missing", "x = 1"),
          entry("script.download.nested", "class A:\n  def download(self, line): pass"),
          entry("script.download.async", "async def download(line, out): pass"),
          entry("script.download.value", "download = 'later'"),
          entry("script.download.arguments", "def download(line): pass"),
          entry("script.download.keywords", "def download(line, out, *, more): pass"),
          entry("script.import.missing", CALLABLE + "import lxml"),
          entry("script.import.broken", CALLABLE + "import sqlite3"),
          entry("script.import.relative", CALLABLE + "from . import x"));

  private static final Map<String, String> REQUIREMENTS =
      Map.ofEntries(
          entry("requirements.empty", "# nothing"),
          entry("requirements.large", "#".repeat(RequirementsText.MAX_BYTES + 1)),
          entry("requirements.charset", "# ÿ"),
          entry("requirements.nul", "six\0"),
          entry("requirements.many", "six\n".repeat(101)),
          entry("requirements.compiled", "lxml"),
          entry("requirements.line.long", "x".repeat(501)),
          entry("requirements.line.option", "-r other.txt"),
          entry("requirements.line.continued", "six \\"),
          entry("requirements.line.address", "https://example.com/a.whl"),
          entry("requirements.line.path", "./local"),
          entry("requirements.line.equals", "six=1"),
          entry("requirements.line.invalid", "six 1"));

  /** What else is said of such files: not while they are handed in, or it doesn't refuse them. */
  private static final Set<String> OTHER_TEXTS =
      Set.of(
          "script.unknown",
          "script.host.invalid",
          "script.host.many",
          "script.import.awaited",
          "script.import.standin",
          "script.import.uncertain",
          "requirements.awaited",
          "requirements.failing",
          "requirements.none",
          "requirements.pins.missing",
          "requirements.pins.odd",
          "requirements.taken",
          "requirements.unknown");

  static Stream<Arguments> files() {
    return Stream.concat(
        SCRIPTS.entrySet().stream()
            .map(
                file ->
                    refusal(
                        file,
                        () ->
                            ScriptSource.of(
                                "script",
                                file.getValue().getBytes(ISO_8859_1),
                                BroughtModules.NONE))),
        REQUIREMENTS.entrySet().stream()
            .map(
                file ->
                    refusal(
                        file,
                        () ->
                            RequirementsText.of(
                                "requirements", file.getValue().getBytes(ISO_8859_1)))));
  }

  private static Arguments refusal(Map.Entry<String, String> file, ThrowingCallable check) {
    return Arguments.of(file.getKey(), check);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void aFileIsRefusedInTheReadersLanguage(String code, ThrowingCallable check) {
    Reason reason = catchThrowableOfType(InvalidException.class, check).errors().get(0).reason();

    assertThat(reason.code()).isEqualTo(code);
    assertTold(reason);
  }

  @Test
  void noTextThatRefusesAFileIsLeftOut() {
    Set<String> texts = new TreeSet<>(texts().keySet());
    texts.removeIf(key -> !key.startsWith("script.") && !key.startsWith("requirements."));
    texts.removeIf(key -> OTHER_TEXTS.contains(key) || key.startsWith("requirements.problem."));

    Set<String> reached = new TreeSet<>(SCRIPTS.keySet());
    reached.addAll(REQUIREMENTS.keySet());
    reached.remove("input.required");
    assertThat(reached).isEqualTo(texts);
  }

  @ParameterizedTest
  @EnumSource(ResolutionProblem.Kind.class)
  void whatAMachineFindsInTheWayIsToldToo(ResolutionProblem.Kind kind) {
    String code = "requirements.problem." + kind.name().toLowerCase(Locale.ROOT);

    assertThat(texts().containsKey(code)).isTrue();
    assertTold(Reason.of(code, "1", "lxml", "no wheel", "six"));
  }

  private static ResourceBundle texts() {
    return ResourceBundle.getBundle("io.aihub.shared.errors", Locale.ENGLISH);
  }

  private static void assertTold(Reason reason) {
    assertThat(reason.message(Locale.CHINESE))
        .containsPattern("\\p{IsHan}")
        .doesNotContain(reason.code(), "{");
    assertThat(reason.message(Locale.ENGLISH))
        .doesNotContainPattern("\\p{IsHan}")
        .doesNotContain(reason.code(), "{");
  }
}
