package io.aihub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.aihub.testbed.Api;
import io.aihub.testbed.PackageIndex;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What scripts require, by the pages: from the upload past every refusal to files in storage, with
 * a client that resolves and installs it from a package index.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RequirementsPagesIT {

  private static final String GREETING =
      """
      import greeting

      def download(line, output_local_dir):
          path = output_local_dir + '/' + line
          with open(path, 'w', encoding='utf-8') as f:
              f.write(greeting.greet(line))
          return path
      """;

  private static final String TAG = "香港轻量";
  private static final String PASSWORD = "zhangwei-2026";
  private static final double START_OF_A_CLIENT_MS = 600_000;

  private static Testbed testbed;
  private static PackageIndex packageIndex;
  private static Chromium chromium;

  @BeforeAll
  static void startEverything() throws IOException {
    chromium = Chromium.start().orElse(null);
    if (chromium == null) {
      Assumptions.abort(Chromium.HOW_TO_GET_ONE); // BrowserIT fails where there has to be one
    }
    PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    testbed =
        new Testbed(
            Testbed.buildFolder().resolve("requirements-pages-it"), Testbed.Options.anyPorts());
    testbed.server().with("aihub.queue.poll-seconds", 1);
    testbed.start();
    packageIndex = testbed.packageIndex();
    packageIndex.start();
    Api admin = testbed.admin();
    admin.createUser("zhangwei", "张伟", PASSWORD, false);
    admin.createUser("lixiao", "李晓", PASSWORD, false);
    testbed
        .client("hk-01", admin.createMachine("hk-01", TAG).token())
        .with("aihub.client.workers", 2)
        .with("aihub.client.package-index", packageIndex.address())
        .start();
    String index =
        IntStream.rangeClosed(1, 20)
            .mapToObj("问候_%03d.txt"::formatted)
            .collect(Collectors.joining("\n"));
    testbed
        .storage()
        .client()
        .putObject(
            put -> put.bucket(Testbed.INDEX_BUCKET).key("greetings.txt"),
            RequestBody.fromString(index));
  }

  @AfterAll
  static void endEverything() throws IOException {
    if (testbed != null) {
      packageIndex.kill();
      testbed.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  @Order(1)
  void whatCannotBeInstalledIsSaidBesideTheFileOrBeforeTheTaskIsApproved() throws IOException {
    try (Reader submitter = reader();
        Reader receiver = reader("lixiao")) {
      fillForm(submitter, "依赖无法安装");
      submitter.upload("greet.py", GREETING);
      assertThat(submitter.page().locator("[id='form:checked'] .remarks.bad"))
          .containsText("第 1 行第 8 列：客户端没有模块 greeting");
      submitter.uploadRequirements("-r other.txt\ntqdm\nlxml>=5\n");
      Locator reasons = submitter.page().locator("[id='form:checkedRequirements'] .remarks.bad li");
      assertThat(reasons)
          .containsText(new String[] {"第 1 行第 1 列：不允许使用 -r", "第 3 行第 1 列：lxml 需要编译代码"});
      submitter.page().locator("details.known summary").click();
      submitter.screenshot("requirements-refused.zh");
      submitter.assertSound();

      submitter.uploadRequirements("greeting>=1\nno-such-package\n");
      assertThat(reasons).hasCount(0);
      assertThat(submitter.page().locator("[id='form:result'] .uploaded"))
          .containsText("附带 requirements.txt");
      submitter.press("submit");
      assertThat(submitter.page().locator("#head .tag").first()).hasText("已创建");

      receiver.open(path(submitter));
      assertThat(receiver.field("approve")).isDisabled();
      receiver.field("comment").fill("看看");
      // without a click: the page looks by itself
      Locator obstacle = receiver.field("obstacle");
      assertThat(obstacle)
          .containsText(
              "包索引中没有 no-such-package",
              new LocatorAssertions.ContainsTextOptions().setTimeout(START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#about")).containsText("无法安装");
      assertThat(receiver.field("approve")).isDisabled();
      assertThat(receiver.field("comment")).hasValue("看看");
      receiver.screenshot("approve-refused.zh");
      receiver.assertSound();

      obstacle.locator("a").click();
      assertThat(receiver.page().locator("[id='required'] .tag")).hasText("无法安装");
      assertThat(receiver.field("begin")).isDisabled();
      receiver.screenshot("requirements-unknown.zh");
      receiver.page().locator("[id='required:again']").click();
      assertThat(receiver.page().locator("[id='notices']")).containsText("将由一台机器重新解析");
      receiver.assertSound();
    }
  }

  @Test
  @Order(2)
  void aScriptIsTriedOutAndRunsWithWhatItRequiresOnceThatIsReady() throws IOException {
    try (Reader submitter = reader();
        Reader receiver = reader("lixiao")) {
      fillForm(submitter, "使用依赖包");
      submitter.uploadRequirements("# 问候语\ngreeting>=1\nrequests\n");
      assertThat(submitter.field("result")).containsText("请再选择 .py 文件");
      submitter.upload("greet.py", GREETING);
      assertThat(submitter.page().locator("[id='form:checked'] .remarks"))
          .containsText("依赖解析完成后才知道");
      submitter.screenshot("requirements-upload.zh");
      submitter.press("submit");
      assertThat(submitter.page().locator("#head .tag").first()).hasText("已创建");

      receiver.open(path(submitter));
      assertThat(receiver.field("approve"))
          .isEnabled(new LocatorAssertions.IsEnabledOptions().setTimeout(START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#about")).containsText("greeting 1.0, phrases 2.0");
      receiver.screenshot("approve-requirements.zh");
      String task = path(receiver);

      receiver.page().locator("#about a:text-is('试运行')").click();
      receiver.press("begin");
      assertThat(receiver.page().locator("[id='form:runs_data'] .tag"))
          .hasText("已结束", new LocatorAssertions.HasTextOptions().setTimeout(START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("[id='form:runs_data']")).containsText("成功 10");
      assertThat(receiver.page().locator("[id='required:pins_data'] > tr")).hasCount(2);
      receiver.screenshot("requirements.zh");
      receiver.assertSound();
      receiver.use("en");
      receiver.screenshot("requirements.en");
      receiver.assertSound();
      receiver.use("zh");

      receiver.open(task);
      receiver.press("approve");
      assertThat(receiver.page().locator("#head .tag").first())
          .hasText("已完成", new LocatorAssertions.HasTextOptions().setTimeout(START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#result .totals dd").first()).hasText("20");
    }
  }

  @Test
  @Order(3)
  void theVersionsSayWhatTheyRequireAndWhatCameOfIt() throws IOException {
    try (Reader reader = reader()) {
      reader.open("/scripts/list.xhtml");
      assertThat(reader.row("form:scripts", "就绪")).containsText("greeting 1.0, phrases 2.0");
      assertThat(reader.row("form:scripts", "无法安装")).containsText("包索引中没有 no-such-package");
      reader.screenshot("scripts-requirements.zh");
      reader.assertSound();
      reader.use("en");
      reader.uploadRequirements("lxml\n");
      assertThat(reader.page().locator("[id='form:checkedRequirements'] .remarks.bad"))
          .containsText("Line 1, column 1: lxml needs compiled code");
      reader.screenshot("scripts-requirements.en");
      reader.assertSound();
    }
  }

  private static void fillForm(Reader submitter, String name) {
    submitter.open("/tasks/create.xhtml");
    submitter.field("name").fill(name);
    submitter.page().locator("[id='form:expectedDeliveryAt_input']").fill(Reader.inAWeek());
    submitter.choose("receiver", "李晓");
    submitter.choose("machineTag", TAG);
    submitter.field("indexAddress").fill("s3://" + Testbed.INDEX_BUCKET + "/greetings.txt");
    submitter.field("targetPath").fill(name);
    submitter.field("purpose").fill("问候语，20 个文件。");
  }

  private static String path(Reader reader) {
    String url = reader.page().url();
    return url.substring(url.indexOf("/tasks/"));
  }

  private static Reader reader() {
    return reader("zhangwei");
  }

  private static Reader reader(String username) {
    return new Reader(chromium.browser(), testbed.server().url()).signIn(username, PASSWORD);
  }
}
