package io.aihub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.aihub.testbed.PackageIndex;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

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

  private static PagesBed bed;
  private static PackageIndex packageIndex;
  private static String index;

  @BeforeAll
  static void startEverything() throws IOException {
    bed = new PagesBed("requirements-pages-it");
    packageIndex = bed.testbed().packageIndex();
    packageIndex.start();
    bed.client().with("aihub.client.package-index", packageIndex.address()).start();
    index =
        bed.putIndex(
            "greetings.txt",
            IntStream.rangeClosed(1, 20)
                .mapToObj("问候_%03d.txt"::formatted)
                .collect(Collectors.joining("\n")));
  }

  @AfterAll
  static void endEverything() throws IOException {
    if (bed != null) {
      packageIndex.kill();
      bed.close();
    }
  }

  @Test
  @Order(1)
  void whatCannotBeInstalledIsSaidBesideTheFileOrBeforeTheTaskIsApproved() throws IOException {
    try (Reader submitter = bed.reader(PagesBed.SUBMITTER);
        Reader receiver = bed.reader(PagesBed.RECEIVER)) {
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
              new LocatorAssertions.ContainsTextOptions()
                  .setTimeout(PagesBed.START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#about")).containsText("无法安装");
      assertThat(receiver.field("approve")).isDisabled();
      assertThat(receiver.field("comment")).hasValue("看看");
      receiver.screenshot("approve-refused.zh");
      receiver.assertSound();

      obstacle.locator("a").click();
      assertThat(receiver.page().locator("[id='required'] .tag")).hasText("无法安装");
      assertThat(receiver.field("begin")).isDisabled();
      assertThat(receiver.page().locator("#remarks .remarks")).hasCount(0);
      receiver.screenshot("requirements-unknown.zh");
      receiver.page().locator("[id='required:again']").click();
      assertThat(receiver.page().locator("[id='notices']")).containsText("将由一台机器重新解析");
      receiver.assertSound();
    }
  }

  @Test
  @Order(2)
  void aScriptIsTriedOutAndRunsWithWhatItRequiresOnceThatIsReady() throws IOException {
    try (Reader submitter = bed.reader(PagesBed.SUBMITTER);
        Reader receiver = bed.reader(PagesBed.RECEIVER)) {
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
          .isEnabled(
              new LocatorAssertions.IsEnabledOptions().setTimeout(PagesBed.START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#about")).containsText("greeting 1.0, phrases 2.0");
      receiver.screenshot("approve-requirements.zh");
      String task = path(receiver);

      receiver.page().locator("#about a:text-is('试运行')").click();
      receiver.press("begin");
      assertThat(receiver.page().locator("[id='form:runs_data'] .tag"))
          .hasText(
              "已结束",
              new LocatorAssertions.HasTextOptions().setTimeout(PagesBed.START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("[id='form:runs_data']")).containsText("成功 10");
      assertThat(receiver.page().locator("[id='required:pins_data'] > tr")).hasCount(2);
      assertThat(receiver.page().locator("#remarks .remarks")).hasCount(0);
      receiver.screenshot("requirements.zh");
      receiver.assertSound();
      receiver.use("en");
      receiver.screenshot("requirements.en");
      receiver.assertSound();
      receiver.use("zh");

      receiver.open(task);
      receiver.press("approve");
      assertThat(receiver.page().locator("#head .tag").first())
          .hasText(
              "已完成",
              new LocatorAssertions.HasTextOptions().setTimeout(PagesBed.START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#result .totals dd").first()).hasText("20");
    }
  }

  @Test
  @Order(3)
  void theVersionsSayWhatTheyRequireAndWhatCameOfIt() throws IOException {
    try (Reader reader = bed.reader(PagesBed.SUBMITTER)) {
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

  @Test
  @Order(4)
  void aVersionWhoseRequirementsDoNotBringItsImportsNoLongerCountsAsPassed() throws IOException {
    try (Reader author = bed.reader(PagesBed.SUBMITTER)) {
      author.open("/scripts/list.xhtml");
      author.uploadRequirements("greeting==1.0\n");
      author.upload("farewell.py", "import farewell\n" + GREETING);
      assertThat(author.page().locator("[id='form:scripts_data'] > tr").first())
          .containsText("farewell.py");
      author.page().locator("[id='form:scripts_data'] a").first().click();
      // without a click: the page looks by itself
      assertThat(author.page().locator("#remarks .remarks.bad"))
          .containsText(
              "客户端没有模块 farewell",
              new LocatorAssertions.ContainsTextOptions()
                  .setTimeout(PagesBed.START_OF_A_CLIENT_MS));
      assertThat(author.page().locator("#remarks")).not().containsText("已通过检查");
      assertThat(author.page().getByText("客户端没有模块 farewell")).hasCount(1);
      assertThat(author.field("trying")).containsText("上传新版本后才能试运行");
      assertThat(author.field("begin")).isDisabled();
      author.screenshot("requirements-missing.zh");
      author.assertSound();
      author.use("en");
      assertThat(author.page().locator("#remarks")).containsText("Clients can’t run this version");
      author.assertSound();
    }
  }

  private static void fillForm(Reader submitter, String name) {
    submitter.open("/tasks/create.xhtml");
    submitter.field("name").fill(name);
    submitter.page().locator("[id='form:expectedDeliveryAt_input']").fill(Reader.inAWeek());
    submitter.choose("receiver", "李晓");
    submitter.choose("machineTag", PagesBed.TAG);
    submitter.field("indexAddress").fill(index);
    submitter.field("targetPath").fill(name);
    submitter.field("purpose").fill("问候语，20 个文件。");
  }

  private static String path(Reader reader) {
    String url = reader.page().url();
    return url.substring(url.indexOf("/tasks/"));
  }
}
