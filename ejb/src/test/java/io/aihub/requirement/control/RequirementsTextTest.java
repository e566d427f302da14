package io.aihub.requirement.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTextTest {

  private static RequirementsText of(String text) {
    return RequirementsText.of("requirements", text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<FieldError> errors(String text) {
    return catchThrowableOfType(InvalidException.class, () -> of(text)).errors();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "beautifulsoup4",
        "  tqdm  # a comment",
        "tqdm==4.66.1",
        "tqdm == 4.66.*",
        "tqdm>=4,<5 , !=4.5",
        "tqdm>=4,",
        "tqdm (>=4.0,<5)",
        "tqdm~=4.66.1rc2.post3.dev4",
        "gdown[all]>=5",
        "boto3 [crt, s3] >= 1.2",
        "zope.interface",
        "typing_extensions>=4; python_version < '3.13'",
        "tqdm;sys_platform=='linux' and (extra == \"x\")",
        "pkg==1!2.0+local.1",
        "A",
      })
  void aPackageByItsNameIsAccepted(String line) {
    assertThat(of(line).text()).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          -r other.txt                           | option    1 | -r
          \\s\\s--index-url=https://x/           | option    3 | --index-url
          -e git+https://example.com/a.git       | option    1 | -e
          tqdm==1 --hash=sha256:ab               | option    9 | --hash
          https://example.com/a.whl              | address   1 |
          git+ssh://example.com/a                | address   1 |
          tqdm @ https://example.com/a.whl       | address   1 |
          tqdm[x]@file:///etc/passwd             | address   1 |
          ./local                                | path      1 |
          ../up                                  | path      1 |
          /etc/passwd                            | path      1 |
          ~/wheels/a                             | path      1 |
          a\\\\b                                 | path      1 |
          tqdm-4.66.1-py3-none-any.whl           | path      1 |
          a.tar.gz                               | path      1 |
          requirements.txt                       | path      1 |
          tqdm==1.0 \\\\                         | continued 11 |
          tqdm=4.66                              | equals    5 |
          tqdm 4.66                              | invalid   6 | 4.66
          tqdm==banana                           | invalid   5 | ==banana
          tqdm===1.0                             | invalid   5 | ===1.0
          tqdm#4                                 | invalid   5 | #4
          -tqdm                                  | option    1 | -tqdm
          _tqdm                                  | invalid   1 | _tqdm
          图片                                   | invalid   1 | 图片
          tqdm; os_name == '${HOME}'             | invalid  19 | ${HOME}'
          tqdm [                                 | invalid   6 | [
          """)
  void whateverElsePipUnderstandsIsRefusedWithItsPlace(String line, String fault, String shown) {
    String text = "six\n" + line.translateEscapes();
    String[] wanted = fault.trim().split("\\s+", -1);
    FieldError error = errors(text).get(0);
    assertThat(error.reason().code()).isEqualTo("requirements.line." + wanted[0]);
    assertThat(error.at().line()).isEqualTo(2);
    assertThat(error.at().column()).isEqualTo(Integer.parseInt(wanted[1]));
    assertThat(error.reason().message(Locale.CHINESE)).startsWith("第 2 行第 " + wanted[1] + " 列");
    if (shown != null) {
      assertThat(error.reason().message(Locale.ENGLISH)).contains(shown);
    }
  }

  @Test
  void everyFaultIsToldAtOnce() {
    assertThat(errors("six\n-r a\n\n# ok\ntqdm=1\nlxml\n"))
        .extracting(error -> error.reason().code() + " " + error.at().line())
        .containsExactly(
            "requirements.line.option 2", "requirements.line.equals 5", "requirements.compiled 6");
  }

  @Test
  void whatNeedsCompiledCodeIsRefusedAtOnceWithWhatWorks() {
    FieldError error = errors("six\n  Pillow>=10\n").get(0);
    assertThat(error.at().column()).isEqualTo(3);
    assertThat(error.reason().message(Locale.ENGLISH))
        .contains("pillow needs compiled code")
        .contains("beautifulsoup4");
  }

  @Test
  void whatIsKnownToFailIsRemarked() {
    assertThat(RequirementsText.remarks(of("six\nyt_dlp\n").text()))
        .extracting(remark -> remark.code() + remark.arguments())
        .containsExactly("requirements.failing[2, 1, yt-dlp]");
  }

  @Test
  void namesAreNormalisedAndConditionsKeptApart() {
    assertThat(
            RequirementsText.unconditional(
                "Zope.Interface\ntyping__extensions>=1\nsix; python_version < '3'\n# x\n"))
        .containsExactly("typing-extensions", "zope-interface");
  }

  @Test
  void whatIsNoTextOrNothingOrTooMuchIsRefused() {
    assertRefused("".getBytes(StandardCharsets.UTF_8), "requirements.empty");
    assertRefused("# nothing\n\n".getBytes(StandardCharsets.UTF_8), "requirements.empty");
    assertRefused(new byte[] {(byte) 0xFF, 'a'}, "requirements.charset");
    assertRefused("six\0".getBytes(StandardCharsets.UTF_8), "requirements.nul");
    assertRefused(new byte[RequirementsText.MAX_BYTES + 1], "requirements.large");
    assertRefused("six\n".repeat(101).getBytes(StandardCharsets.UTF_8), "requirements.many");
    assertRefused("x".repeat(501).getBytes(StandardCharsets.UTF_8), "requirements.line.long");
  }

  private static void assertRefused(byte[] file, String code) {
    assertThatThrownBy(() -> RequirementsText.of("requirements", file))
        .isInstanceOf(InvalidException.class)
        .extracting(refusal -> ((BusinessException) refusal).code())
        .isEqualTo(code);
  }

  @Test
  void theSameTextIsTheSameWithAByteOrderMarkOrWithout() {
    assertThat(of("\uFEFFsix\n")).isEqualTo(of("six\n"));
  }

  /** Each alternative of the patterns, many times over, and then what fits none. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a-", "a,", "[a,", "a>1,", "1.", "a;(", "=", " ", "a==1.0-"})
  void aHostileLineTakesNoTime(String part) {
    String line = "x" + part.repeat(480 / part.length()) + "$";
    long start = System.nanoTime();
    assertThat(errors(line)).hasSize(1);
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }
}
