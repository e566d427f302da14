package io.aihub.task.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.shared.FieldError;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import io.aihub.task.api.NewTask;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskFormTest {

  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.9Z");

  private String name = "图片下载-1_b";
  private Instant delivery = Instant.parse("2026-03-02T08:00:00.7Z");
  private String index = "s3://my-bucket/a/索引.txt";
  private String target = "images/2026";
  private String purpose = "训练";
  private String sha256 = "0".repeat(64);
  private String script;
  private List<String> hosts;

  private NewTask checked() {
    InputCheck check = new InputCheck();
    NewTask form =
        new NewTask(
            name, null, delivery, null, null, "lixiao", "tag", index, null, target, purpose, sha256,
            script, null, null, hosts, null);
    NewTask checked = TaskForm.check(form, NOW, check);
    check.finish();
    return checked;
  }

  private void assertRefused(String field) {
    assertThatThrownBy(this::checked)
        .asInstanceOf(InstanceOfAssertFactories.type(InvalidException.class))
        .satisfies(
            refusal ->
                assertThat(refusal.errors()).extracting(FieldError::field).containsExactly(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "数据", "A-1_中", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二"})
  void aNameMayHaveUpTo32CharactersOfTheSeedsAlphabet(String good) {
    name = good;
    assertThat(checked().name()).isEqualTo(good);
  }

  @Test
  void aRareChineseCharacterCountsAsOne() {
    name = "\uD840\uDC00".repeat(32);
    assertThat(checked().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a.b",
        "a\n",
        "é",
        "数据!",
        "123456789012345678901234567890123",
        "\u0000"
      })
  void anyOtherNameIsRefused(String bad) {
    name = bad;
    assertRefused("name");
  }

  @Test
  void theDeliveryTimeIsCutToTheSecond() {
    assertThat(checked().expectedDeliveryAt()).isEqualTo("2026-03-02T08:00:00Z");
  }

  @Test
  void thisVerySecondIsNotInThePast() {
    delivery = Instant.parse("2026-03-01T08:00:00.1Z");
    assertThat(checked().expectedDeliveryAt()).isEqualTo("2026-03-01T08:00:00Z");
  }

  @Test
  void theSecondBeforeIs() {
    delivery = Instant.parse("2026-03-01T07:59:59.9Z");
    assertRefused("expectedDeliveryAt");
  }

  @Test
  void aDeliveryTimeThatNoCalendarHoldsIsRefused() {
    delivery = Instant.MAX;
    assertRefused("expectedDeliveryAt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"images", "/images/", "//images//", " images ", "a/b c/中文", "_aihub2", "a/_aihub"})
  void aRelativeTargetPathIsTakenWithoutTheSlashesAtItsEnds(String good) {
    target = good;
    assertThat(checked().targetPath()).doesNotStartWith("/").doesNotEndWith("/").isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "..",
        "a/../b",
        "a/./b",
        "a//b",
        "a\\b",
        "a\u0000b",
        "a\nb",
        "_aihub",
        "_aihub/x",
        "/_aihub",
        "a/_manifest",
        "a/\uD800b"
      })
  void aTargetPathThatCouldLeadElsewhereIsRefused(String bad) {
    target = bad;
    assertRefused("targetPath");
  }

  @Test
  void aTargetPathIsMeasuredInBytes() {
    target = "中".repeat(171);
    assertRefused("targetPath");
    target = "中".repeat(170);
    assertThat(checked().targetPath()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://a/b",
        "s3://ab/key",
        "s3://bucket",
        "s3://bucket/",
        "s3://Bucket/key",
        "s3://bucket/a\u0000b",
        "s3://-bucket/key",
        "bucket/key"
      })
  void anIndexAddressThatNamesNoObjectIsRefused(String bad) {
    index = bad;
    assertRefused("indexAddress");
  }

  @Test
  void thePurposeIsRequired() {
    purpose = " \n ";
    assertRefused("purpose");
    purpose = "x".repeat(4001);
    assertRefused("purpose");
  }

  @Test
  void thereIsExactlyOneScript() {
    script = "def download(line, output_local_dir): pass";
    assertRefused("script");
    sha256 = null;
    assertThat(checked().script()).isEqualTo(script);
    script = " ";
    assertRefused("script");
  }

  @Test
  void allowedHostsAreKeptAsClientsCompareThem() {
    hosts = List.of(" Files.Example.org. ", "*.例子.测试", "::ffff:192.0.2.1", "files.example.org");

    assertThat(checked().allowedHosts())
        .containsExactly("*.xn--fsqu00a.xn--0zwm56d", "192.0.2.1", "files.example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.org", "example.org:80", "a/b", "10.0.0.0/8", "*", ""})
  void whatIsNoHostIsRefusedAtTheListOfHosts(String odd) {
    hosts = List.of("example.org", odd);

    assertRefused("allowedHosts");
  }
}
