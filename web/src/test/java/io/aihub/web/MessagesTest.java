package io.aihub.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.fleet.api.MachineStatus;
import io.aihub.queue.api.FailureClass;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.task.api.IndexCharset;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskType;
import io.aihub.tryout.api.TryOutState;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessagesTest {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+}");
  private static final Pattern KEY_ON_A_PAGE =
      Pattern.compile("(?:msg\\[|text\\.message\\()'([\\w.]+)'");
  private static final Pattern KEY_IN_A_BEAN =
      Pattern.compile(
          "\\b(?:message|messageFor|done|doneBeforeLeaving|refused)\\((?:\\w+, )?\"([\\w.]+)\"");

  private final Properties chinese = bundle("zh");
  private final Properties english = bundle("en");

  @Test
  void bothLanguagesHaveTheSameTexts() {
    assertThat(new TreeSet<>(chinese.stringPropertyNames()))
        .isEqualTo(new TreeSet<>(english.stringPropertyNames()));
  }

  @Test
  void bothLanguagesFillInTheSameValues() {
    for (String key : chinese.stringPropertyNames()) {
      assertThat(placeholders(chinese.getProperty(key)))
          .as(key)
          .isEqualTo(placeholders(english.getProperty(key)));
    }
  }

  @Test
  void noTextLosesCharactersWhenItIsFilledIn() {
    for (Properties texts : new Properties[] {chinese, english}) {
      for (String key : texts.stringPropertyNames()) {
        String text = texts.getProperty(key);
        assertThat(text).as(key).isNotBlank();
        if (text.matches("(?s).*\\{\\d}.*")) {
          assertThat(new MessageFormat(text, Locale.ROOT).format(new Object[] {"a", "b", "c"}))
              .as(key)
              .doesNotContain("{");
          assertThat(text).as(key + ": an apostrophe quotes").doesNotContain("'");
        }
      }
    }
  }

  @Test
  void everyNameThatPagesShowHasAText() {
    for (Enum<?>[] constants :
        new Enum<?>[][] {
          TaskState.values(),
          Priority.values(),
          TaskType.values(),
          IndexCharset.values(),
          FailureClass.values(),
          MachineStatus.Condition.values(),
          TryOutState.values(),
          RequirementsState.values()
        }) {
      for (Enum<?> constant : constants) {
        assertThat(chinese)
            .containsKey(constant.getDeclaringClass().getSimpleName() + "." + constant.name());
      }
    }
  }

  @Test
  void everyTextThatPagesAskForIsThere() throws IOException {
    assertThatTextsAreThere("src/main/webapp", ".xhtml", KEY_ON_A_PAGE);
  }

  @Test
  void everyTextThatBeansAskForIsThere() throws IOException {
    assertThatTextsAreThere("src/main/java", ".java", KEY_IN_A_BEAN);
  }

  private void assertThatTextsAreThere(String folder, String ending, Pattern key)
      throws IOException {
    Set<String> asked = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      for (Path file : files.filter(path -> path.toString().endsWith(ending)).toList()) {
        key.matcher(Files.readString(file))
            .results()
            .map(text -> text.group(1))
            .forEach(asked::add);
      }
    }
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(chinese.stringPropertyNames()).containsAll(asked);
  }

  @Test
  void whatIsSaidInFewerWordsBesideAFieldIsWhatAServiceSays() {
    Set<String> services = ResourceBundle.getBundle("io.aihub.shared.errors").keySet();

    assertThat(chinese.stringPropertyNames())
        .filteredOn(key -> key.startsWith("page."))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(services).contains(key.substring("page.".length())));
  }

  private static Set<String> placeholders(String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static Properties bundle(String language) {
    Properties texts = new Properties();
    try (InputStream stream =
        MessagesTest.class.getResourceAsStream(
            "/io/aihub/web/messages_" + language + ".properties")) {
      texts.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
    return texts;
  }
}
