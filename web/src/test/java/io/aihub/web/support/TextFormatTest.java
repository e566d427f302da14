package io.aihub.web.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatTest {

  /** What pages say of a file that was not even looked into. */
  @ParameterizedTest
  @ValueSource(strings = {"upload.empty", "create.script.unfit", "required.unfit"})
  void anUnfitFileIsToldInItsReadersLanguage(String key) {
    TextFormat text = new TextFormat();

    assertThat(text.messageFor(Locale.CHINESE, key)).containsPattern("\\p{IsHan}");
    assertThat(text.messageFor(Locale.ENGLISH, key))
        .isNotBlank()
        .doesNotContainPattern("\\p{IsHan}");
  }
}
