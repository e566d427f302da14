package io.aihub.identity.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CredentialCacheTest {

  private final CredentialCache cache = new CredentialCache();

  @Test
  void aPasswordThatWasRightIsKnown() {
    assertThat(cache.knows("password", "hash")).isFalse();
    cache.remember("password", "hash");
    assertThat(cache.knows("password", "hash")).isTrue();
  }

  @Test
  void itIsKnownForTheHashItWasCheckedAgainstOnly() {
    cache.remember("password", "hash");
    assertThat(cache.knows("password", "next hash")).isFalse();
    assertThat(cache.knows("other", "hash")).isFalse();
    assertThat(cache.knows("hpassword", "has")).isFalse();
  }
}
