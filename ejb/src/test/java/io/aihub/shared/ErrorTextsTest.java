package io.aihub.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorTextsTest {

  /** Sources of the modules that name error codes. */
  private static final List<Path> SOURCES =
      List.of(Path.of("src/main/java"), Path.of("../web/src/main/java"));

  /** A code as the first literal of an exception, a reason or a rejection. */
  private static final List<Pattern> CODES =
      List.of(
          Pattern.compile(
              "new (?:Conflict|Forbidden|NotFound|Unavailable)Exception\\(\\s*\"([\\w.]+)\""),
          Pattern.compile("new InvalidException\\(\\s*[\\w\".()]+,\\s*\"([\\w.]+)\""),
          Pattern.compile("Reason\\.of\\(\\s*\"([\\w.]+)\"[,)]"),
          Pattern.compile("\\.reject\\(\\s*[\\w\"]+,\\s*\"([\\w.]+)\""));

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d+)}");

  private final Properties english = bundle("");
  private final Properties chinese = bundle("_zh");

  @Test
  void bothLanguagesHaveTheSameTexts() {
    assertThat(new TreeSet<>(chinese.stringPropertyNames()))
        .isEqualTo(new TreeSet<>(english.stringPropertyNames()));
  }

  @Test
  void bothLanguagesFillInTheSameValues() {
    for (String key : english.stringPropertyNames()) {
      assertThat(placeholders(chinese.getProperty(key)))
          .as(key)
          .isEqualTo(placeholders(english.getProperty(key)));
    }
  }

  @Test
  void everyTextFillsItsPlaceholders() {
    for (Properties bundle : List.of(english, chinese)) {
      for (String key : bundle.stringPropertyNames()) {
        String text = bundle.getProperty(key);
        Object[] arguments = {"A", "B", "C", "D", "E"};
        assertThat(new MessageFormat(text, Locale.ROOT).format(arguments))
            .as(key)
            .doesNotContain("{");
        assertThat(text.replace("''", ""))
            .as(key + ": an apostrophe is doubled")
            .doesNotContain("'");
      }
    }
  }

  @Test
  void everyCodeThatTheSourcesNameHasAText() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Path root : SOURCES) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String source = Files.readString(file);
          CODES.forEach(
              pattern ->
                  pattern.matcher(source).results().map(code -> code.group(1)).forEach(named::add));
        }
      }
    }
    assertThat(named).hasSizeGreaterThan(20);
    named.remove("status."); // completed by the status, see Problem
    assertThat(english.stringPropertyNames()).containsAll(named);
  }

  private static Set<String> placeholders(String text) {
    return PLACEHOLDER.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static Properties bundle(String suffix) {
    Properties properties = new Properties();
    try (var reader =
        new InputStreamReader(
            Objects.requireNonNull(
                Reason.class.getResourceAsStream("errors" + suffix + ".properties")),
            StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
