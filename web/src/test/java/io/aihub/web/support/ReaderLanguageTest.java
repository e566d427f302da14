package io.aihub.web.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderLanguageTest {

  @ParameterizedTest
  @ValueSource(strings = {"zh", "zh-CN,zh;q=0.9,en;q=0.8", "fr, zh-TW;q=0.5", "ZH-hans"})
  void chineseIsSpokenToThoseWhoAskForIt(String header) {
    assertThat(ReaderLanguage.of(header)).isEqualTo(Locale.CHINESE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "en", "en-GB,zh;q=0.5", "fr", "!!", "q=;"})
  void englishIsSpokenToEverybodyElse(String header) {
    assertThat(ReaderLanguage.of(header)).isEqualTo(Locale.ENGLISH);
  }

  @Test
  void noHeaderMeansEnglish() {
    assertThat(ReaderLanguage.of(null)).isEqualTo(Locale.ENGLISH);
  }
}
