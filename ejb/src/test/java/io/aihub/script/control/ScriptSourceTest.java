package io.aihub.script.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.shared.BusinessException;
import io.aihub.shared.InvalidException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ScriptSourceTest {

  private static final String GOOD = "import os\n\ndef download(line: str, out) -> str:\n  pass\n";

  private static ScriptSource of(String source) {
    return ScriptSource.of("script", source.getBytes(StandardCharsets.UTF_8), BroughtModules.NONE);
  }

  private static void assertRefused(byte[] source, String code) {
    assertThatThrownBy(() -> ScriptSource.of("script", source, BroughtModules.NONE))
        .asInstanceOf(InstanceOfAssertFactories.type(InvalidException.class))
        .extracting(BusinessException::code, BusinessException::field)
        .containsExactly(code, "script");
  }

  @Test
  void aByteOrderMarkIsDropped() {
    assertThat(of("\uFEFF" + GOOD)).isEqualTo(of(GOOD));
  }

  @Test
  void aScriptWithoutTheFunctionIsRefused() {
    assertRefused(
        "print('def download')".getBytes(StandardCharsets.UTF_8), "script.download.missing");
    assertRefused(
        "class A:\n  def download(self): pass".getBytes(StandardCharsets.UTF_8),
        "script.download.nested");
  }

  @Test
  void anythingButUtf8IsRefused() {
    assertRefused((GOOD + "# 中文").getBytes(StandardCharsets.UTF_16LE), "script.charset");
    assertRefused(new byte[] {(byte) 0xFF, (byte) 0xFE}, "script.charset");
    assertRefused((GOOD + "\u0000").getBytes(StandardCharsets.UTF_8), "script.nul");
  }

  @Test
  void nothingAndTooMuchAreRefused() {
    assertRefused(null, "input.required");
    assertRefused(new byte[0], "input.required");
    assertRefused(new byte[ScriptSource.MAX_BYTES + 1], "script.large");
  }
}
