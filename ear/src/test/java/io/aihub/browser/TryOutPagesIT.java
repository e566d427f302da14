package io.aihub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.aihub.testbed.TinyOrigin;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Try-outs by the pages: from the upload of a script to what came of each line. */
class TryOutPagesIT {

  private static final String ODD = BrowserIT.SCRIPT.replace("% 20", "% 2");

  /** Raises with the line, after megabytes where the line asks for them. */
  private static final String LOUD =
      """

      def download(line, output_local_dir):
          for number in range(60_000 if line == 'loud' else 1):
              print(f'{number:06} ' + '很多' * 30)
          if line != 'silent': raise ValueError(line + ' \\x1b[31m')
      """;

  private static PagesBed bed;
  private static TinyOrigin listed;
  private static TinyOrigin other;

  @BeforeAll
  static void startEverything() throws IOException {
    bed = new PagesBed("try-out-pages-it");
    bed.client().start();
    listed = new TinyOrigin("127.0.0.1");
    other = new TinyOrigin("127.0.0.2");
  }

  @AfterAll
  static void endEverything() throws IOException {
    if (bed != null) {
      bed.close();
      listed.close();
      other.close();
    }
  }

  @Test
  void aScriptIsTriedOutOnAFewLinesBeforeATaskIsMade() throws IOException {
    try (Reader submitter = bed.reader(PagesBed.SUBMITTER)) {
      String faces =
          bed.putIndex(
              "faces/index.txt",
              IntStream.rangeClosed(1, 60)
                  .mapToObj("%d 图片_%1$03d.jpg"::formatted)
                  .collect(Collectors.joining("\n")));
      submitter.open("/scripts/list.xhtml");
      submitter.upload(
          "odd.py", ODD.replace("    number,", "    import lxml.html as optional\n    number,"));
      assertThat(submitter.page().locator(".remarks")).containsText("第 2 行第 12 列");
      submitter.field("note").fill("只下载单数行");
      submitter.upload("odd.py", ODD);
      assertThat(submitter.page().locator(".remarks")).hasCount(0);
      assertThat(submitter.page().locator(".uploaded")).containsText("odd.py");
      assertThat(submitter.page().locator("[id='form:scripts_data'] > tr").first())
          .containsText("只下载单数行");
      submitter.screenshot("scripts.zh");
      submitter.assertSound();

      submitter.page().locator("[id='form:scripts_data'] a").first().click();
      submitter.field("indexAddress").fill(faces);
      submitter.choose("machineTag", PagesBed.TAG);
      submitter.field("lines").fill("6");
      submitter.page().locator("[id='form:begin']").dblclick(); // is one try-out all the same
      Locator state = submitter.page().locator("[id='form:runs_data'] .tag");
      assertThat(state)
          .hasText(
              "已结束",
              new LocatorAssertions.HasTextOptions().setTimeout(PagesBed.START_OF_A_CLIENT_MS));
      Locator lines = submitter.page().locator("[id='form:lineTable_data'] > tr");
      assertThat(lines).hasCount(6);
      assertThat(lines.first()).containsText("图片_001.jpg");
      assertThat(lines.nth(1)).containsText("源站返回 404");
      assertThat(submitter.page().locator("[id='form:runs_data']")).containsText("成功 3，失败 3，共 6 行");
      submitter.screenshot("try-out.zh");
      submitter.assertSound();
      submitter.use("en");
      submitter.screenshot("try-out.en");
    }
  }

  @Test
  void aTryOutIsHeldToTheHostsThatItLists() throws IOException {
    String index =
        bed.putIndex(
            "hosts.txt",
            "http://localhost:%d/a.jpg\nhttp://127.0.0.2:%d/b.jpg\n"
                .formatted(listed.port(), other.port()));
    try (Reader submitter = bed.reader(PagesBed.SUBMITTER)) {
      submitter.open("/scripts/list.xhtml");
      submitter.upload("fetch.py", TinyOrigin.SCRIPT);
      submitter.row("form:scripts", "fetch.py").locator("a").click();
      assertThat(submitter.field("begin")).isVisible();
      submitter.page().waitForLoadState(); // its panel answers from then on
      Locator panel = submitter.page().locator("[id='form:advanced_content']");
      assertThat(panel).isHidden();
      fill(submitter, index, "十", "localhost\nhttps://example.com/");
      submitter.press("begin");
      assertThat(submitter.messageOf("lines")).containsText("请填写整数");

      submitter.field("lines").fill("2");
      submitter.press("begin");
      assertThat(submitter.messageOf("allowedHosts")).containsText("“https://example.com/” 不是主机");
      assertThat(panel).isVisible();
      assertThat(submitter.field("allowedHosts")).hasValue("localhost\nhttps://example.com/");
      submitter.screenshot("try-out-invalid.zh");
      submitter.assertSound();

      submitter.use("en");
      fill(submitter, index, "101", "localhost:80");
      submitter.press("begin");
      assertThat(submitter.messageOf("allowedHosts")).containsText("“localhost:80” is no host");
      assertThat(submitter.messageOf("lines")).containsText("100");
      submitter.screenshot("try-out-invalid.en");
      submitter.assertSound();

      submitter.field("lines").fill("2");
      submitter.field("allowedHosts").fill("LocalHost");
      submitter.press("begin");
      Locator runs = submitter.page().locator("[id='form:runs_data'] > tr");
      awaitEnd(runs, 1, "Done");
      Locator lines = submitter.page().locator("[id='form:lineTable_data'] > tr");
      assertThat(lines.first()).containsText("a.jpg");
      assertThat(lines.nth(1)).containsText("No connection");
      assertThat(lines.nth(1)).containsText("the task's list of hosts doesn't have 127.0.0.2");
      assertThat(submitter.field("tryOuts")).containsText("Allowed hosts: localhost");
      submitter.screenshot("try-out-hosts.en");
      submitter.assertSound();

      submitter.use("zh");
      fill(submitter, index, "2", "127.0.0.2，*.example.org");
      submitter.page().locator("[id='form:javaWire'] .ui-chkbox-box").click();
      submitter.press("begin");
      awaitEnd(runs, 2, "已结束");
      assertThat(lines.first()).containsText("连接失败");
      assertThat(lines.first()).containsText("the task's list of hosts doesn't have localhost");
      assertThat(lines.nth(1)).containsText("b.jpg");
      assertThat(submitter.field("tryOuts")).containsText("允许访问的主机: *.example.org, 127.0.0.2");
      assertThat(submitter.field("tryOuts")).containsText("使用 Python 自己的套接字");
      submitter.screenshot("try-out-hosts.zh");
      submitter.assertSound();
    }
  }

  @Test
  void whatAScriptSaysIsShownAsTextHoweverMuchItIs() throws IOException {
    String markup = "<script>document.title = 'taken'</script><img src=x>";
    String index = bed.putIndex("loud.txt", markup + "\nloud\nsilent\n");
    try (Reader submitter = bed.reader(PagesBed.SUBMITTER)) {
      submitter.open("/scripts/list.xhtml");
      submitter.upload("loud.py", LOUD);
      submitter.row("form:scripts", "loud.py").locator("a").click();
      assertThat(submitter.page().locator("pre.source").textContent())
          .as("beside the numbers of its lines, blank ones included")
          .isEqualTo(LOUD);
      submitter.field("indexAddress").fill(index);
      submitter.choose("machineTag", PagesBed.TAG);
      submitter.press("begin");
      awaitEnd(submitter.page().locator("[id='form:runs_data'] > tr"), 1, "已结束");

      Locator lines = submitter.page().locator("[id='form:lineTable_data'] > tr");
      assertThat(lines.first()).containsText("ValueError: " + markup);
      assertThat(lines.first()).containsText("␛[31m");
      assertThat(lines.nth(2)).containsText("脚本返回 None");
      assertThat(submitter.page().locator("[id='form:runs_data']"))
          .not()
          .containsText("≈"); // nothing to judge by
      lines.nth(1).locator("summary").click();
      Locator output = lines.nth(1).locator("pre.output");
      assertThat(output).containsText("line 5, in download");
      assertThat(
              (Boolean)
                  output.evaluate("it => it.scrollHeight > it.clientHeight && it.scrollTop === 0"))
          .as("a long output shows its end, which is where a reversed box begins")
          .isTrue();
      assertThat(submitter.page()).hasTitle(Pattern.compile("loud\\.py"));
      submitter.screenshot("try-out-loud.zh");
      submitter.assertSound();
    }
  }

  private static void fill(Reader submitter, String index, String lines, String hosts) {
    if (!submitter.field("allowedHosts").isVisible()) { // the options stay where some are set
      submitter.page().locator("[id='form:advanced_toggler']").click();
    }
    submitter.field("indexAddress").fill(index);
    submitter.choose("machineTag", PagesBed.TAG);
    submitter.field("lines").fill(lines);
    submitter.field("allowedHosts").fill(hosts);
  }

  /** The page looks by itself. */
  private static void awaitEnd(Locator runs, int count, String state) {
    assertThat(runs).hasCount(count);
    assertThat(runs.first().locator(".tag"))
        .hasText(
            state,
            new LocatorAssertions.HasTextOptions().setTimeout(PagesBed.START_OF_A_CLIENT_MS));
  }
}
