package io.aihub.web.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

  private static String basic(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aPasswordMayContainColonsAndChinese() {
    assertThat(Credentials.of("Basic " + basic("lixiao:密:码")))
        .hasValue(new Credentials(null, "lixiao", "密:码"));
  }

  @Test
  void theSchemeIsReadInUpperAndLowerCase() {
    assertThat(Credentials.of("bearer abc")).hasValue(new Credentials("abc", null, null));
    assertThat(Credentials.of("BASIC " + basic("a:b"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic", "Basic !!!", "Basic YWJj", "Digest x", "Basic \u0000"})
  void whatCannotBeReadIsNobody(String header) {
    assertThat(Credentials.of(header)).isEmpty();
  }

  @Test
  void noHeaderIsNobody() {
    assertThat(Credentials.of(null)).isEmpty();
  }

  @Test
  void aLogSeesNoSecret() {
    assertThat(new Credentials("secret", null, null).toString()).doesNotContain("secret");
    assertThat(new Credentials(null, "me", "secret").toString()).doesNotContain("secret");
  }
}
