package io.aihub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.TaskView;
import io.aihub.testbed.Api;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
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

/** The pages as people use them, from the first account to a finished download. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserIT {

  /** Every twentieth line of its index is not to be had. */
  static final String SCRIPT =
      """
      def download(line, output_local_dir):
          number, name = line.split(' ')
          if int(number) % 20 == 0:
              print(f'{name}: 源站返回 404')
              return None
          path = output_local_dir + '/' + name
          with open(path, 'w', encoding='utf-8') as f:
              f.write(name * 1000)
          return path
      """;

  private static final String TAG = "香港轻量";
  private static final String TASK = "人脸图片_2026-11";
  private static final String SUBMITTER_PASSWORD = "zhangwei-2026";
  private static final String RECEIVER_PASSWORD = "lixiao-2026";
  private static final double START_OF_A_CLIENT_MS = 600_000;

  private static Testbed testbed;
  private static Chromium chromium;
  private static String adminPassword;
  private static String finishedTask;

  @BeforeAll
  static void startEverything() throws IOException {
    chromium = Chromium.start().orElse(null);
    if (chromium == null) {
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        fail(Chromium.HOW_TO_GET_ONE);
      }
      Assumptions.abort(Chromium.HOW_TO_GET_ONE);
    }
    PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    Testbed.Options options = Testbed.Options.anyPorts();
    adminPassword = options.adminPassword();
    testbed = new Testbed(Testbed.buildFolder().resolve("browser-it"), options);
    testbed.server().with("aihub.queue.retry-base-seconds", 1).with("aihub.queue.poll-seconds", 1);
    testbed.start();
    String index =
        IntStream.rangeClosed(1, 60)
            .mapToObj(line -> line == 30 ? "" : "%d 图片_%03d.jpg".formatted(line, line))
            .collect(Collectors.joining("\n"));
    testbed
        .storage()
        .client()
        .putObject(
            put -> put.bucket(Testbed.INDEX_BUCKET).key("faces/index.txt"),
            RequestBody.fromString(index));
  }

  @AfterAll
  static void endEverything() throws IOException {
    if (testbed != null) {
      testbed.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  @Order(1)
  void aWrongPasswordIsToldInTheReadersLanguage() throws IOException {
    try (Reader reader = reader()) {
      reader.open("/tasks/list.xhtml");
      assertThat(reader.page()).hasTitle(Pattern.compile("登录"));
      reader.screenshot("login.zh");
      reader.press("enter");
      assertThat(reader.messageOf("username")).containsText("请填写“用户名”");
      assertThat(reader.messageOf("password")).containsText("请填写“密码”");

      reader.signIn("nobody", "not-the-password");
      assertThat(reader.page().locator(".ui-messages-error")).containsText("用户名或密码不正确");

      reader.use("en");
      assertThat(reader.field("username")).hasValue("nobody");
      assertThat(reader.field("password")).isEmpty();
      reader.screenshot("login.en");
      reader.signIn("nobody", "not-the-password");
      assertThat(reader.page().locator(".ui-messages-error"))
          .containsText("The username or the password is wrong");
      reader.assertSound();
    }
  }

  @Test
  @Order(2)
  void anAdminAddsPeopleAProjectAndAMachineWhoseTokenIsShownOnce() throws IOException {
    try (Reader admin = reader().signIn(Testbed.ADMIN, adminPassword)) {
      admin.open("/tasks/list.xhtml");
      assertThat(admin.page().locator(".ui-datatable-empty-message")).containsText("还没有任务");

      admin.open("/admin/users.xhtml");
      admin.press("add");
      assertThat(admin.messageOf("username")).containsText("请填写“用户名”");
      addUser(admin, "zhangwei", "张伟", SUBMITTER_PASSWORD);
      addUser(admin, "lixiao", "李晓", RECEIVER_PASSWORD);

      admin.open("/admin/projects.xhtml");
      admin.field("name").fill("多模态预训练");
      admin.press("add");
      assertThat(admin.row("list:rows", "多模态预训练")).isVisible();

      admin.open("/admin/machines.xhtml");
      admin.field("name").fill("hk-01");
      admin.field("tag").fill(TAG);
      admin.press("add");
      Locator token = admin.page().locator(".token");
      assertThat(token).isVisible();
      String secret = token.textContent().strip();
      admin.screenshot("machine-token.zh");
      admin.open("/admin/machines.xhtml");
      assertThat(admin.page().locator(".token")).hasCount(0);
      assertThat(admin.row("list:rows", "hk-01")).containsText("从未上报");
      admin.assertSound();

      testbed.client("hk-01", secret).with("aihub.client.workers", 2).start();
    }
  }

  @Test
  @Order(3)
  void anInvalidFormSaysWhatIsWrongBesideTheFields() throws IOException {
    try (Reader submitter = reader().signIn("zhangwei", SUBMITTER_PASSWORD)) {
      submitter.open("/tasks/create.xhtml");
      submitter.field("name").fill("带 空格");
      submitter.field("indexAddress").fill("http://example.com/index.txt");
      submitter.page().locator("[id='form:advanced_toggler']").click();
      submitter.field("allowedHosts").fill("files.example.org\nhttps://example.com/");
      submitter.press("submit");
      assertThat(submitter.messageOf("name")).containsText("1~32");
      assertThat(submitter.messageOf("indexAddress")).containsText("s3://bucket/key");
      assertThat(submitter.messageOf("receiver")).containsText("请填写“接收人”");
      assertThat(submitter.messageOf("purpose")).containsText("请填写“数据来源/用途”");
      assertThat(submitter.messageOf("script")).containsText("请选择或上传下载脚本");
      assertThat(submitter.messageOf("allowedHosts")).containsText("“https://example.com/” 不是主机");
      assertThat(submitter.field("name")).hasValue("带 空格");
      submitter.screenshot("create-invalid.zh");

      submitter.upload("notes.py", "import lxml\n\ndef download(line):\n    return None\n");
      assertThat(submitter.page().locator(".remarks.bad li"))
          .containsText(new String[] {"第 1 行第 8 列", "第 3 行第 1 列"});
      submitter.screenshot("script-refused.zh");
      submitter.assertSound();

      submitter.choose("priority", "高");
      submitter.page().locator("[id='form:overwrite'] .ui-chkbox-box").click();
      submitter.use("en");
      assertThat(submitter.field("name")).hasValue("带 空格");
      assertThat(submitter.field("allowedHosts"))
          .hasValue("files.example.org\nhttps://example.com/");
      assertThat(submitter.page().locator("[id='form:priority_label']")).hasText("High");
      assertThat(submitter.page().locator("[id='form:overwrite_input']")).isChecked();
      assertThat(submitter.page().locator(".remarks.bad li"))
          .containsText(new String[] {"Line 1, column 8", "Line 3, column 1"});
      submitter.assertSound();
    }
  }

  @Test
  @Order(4)
  void aTaskGoesFromTheFormThroughApprovalToItsResults() throws IOException {
    String address;
    try (Reader submitter = reader().signIn("zhangwei", SUBMITTER_PASSWORD)) {
      submitter.open("/tasks/create.xhtml");
      submitter.field("name").fill(TASK);
      submitter.choose("priority", "高");
      submitter.page().locator("[id='form:expectedDeliveryAt_input']").fill(Reader.inAWeek());
      submitter.choose("project", "多模态预训练");
      submitter.choose("receiver", "李晓");
      submitter.choose("machineTag", TAG);
      submitter.field("indexAddress").fill("s3://" + Testbed.INDEX_BUCKET + "/faces/index.txt");
      submitter.field("targetPath").fill("faces/2026-11");
      submitter.field("purpose").fill("人脸检测训练集，约 60 张图片，约 1 MiB。来源：公开主页。");
      submitter.upload("faces.py", SCRIPT);
      assertThat(submitter.page().locator(".uploaded")).containsText("faces.py");
      submitter.page().locator("[id='form:advanced_toggler']").click();
      submitter.field("allowedHosts").fill("127.0.0.1, *.Example.org");
      submitter.screenshot("create.zh");
      submitter.press("submit");
      assertThat(submitter.page().locator("#head .tag").first()).hasText("已创建");
      assertThat(submitter.page().locator("[id='notices']")).containsText("等待 李晓 审批");
      assertThat(submitter.field("approve")).hasCount(0);
      address = submitter.page().url();
      finishedTask = address.substring(address.indexOf("/tasks/"));
      submitter.assertSound();
    }

    try (Reader receiver = reader().signIn("lixiao", RECEIVER_PASSWORD)) {
      receiver.open(finishedTask);
      receiver.press("reject");
      receiver.page().locator(".ui-confirmdialog-yes").click();
      assertThat(receiver.messageOf("comment")).containsText("请填写“意见或说明”");
      receiver.open(finishedTask);
      assertThat(receiver.page().locator("#about")).containsText("*.example.org, 127.0.0.1");
      receiver.field("comment").fill("用途清楚，同意下载。");
      receiver.screenshot("approve.zh");
      receiver.press("approve");

      // without another click: the page looks by itself until the client has finished
      assertThat(receiver.page().locator("#head .tag").first())
          .hasText("已完成", new LocatorAssertions.HasTextOptions().setTimeout(START_OF_A_CLIENT_MS));
      assertThat(receiver.page().locator("#result .totals dd"))
          .hasText(new String[] {"60", "766 KiB", "3"});
      assertThat(receiver.page().locator("#history li")).hasCount(3);
      assertThat(receiver.page().locator("#history")).containsText("用途清楚，同意下载。");
      assertThat(receiver.page().locator("#about"))
          .containsText("s3://" + Testbed.BUCKET + "/faces/2026-11/_manifest/");

      receiver.open(finishedTask);
      Locator failures = receiver.page().locator("[id='log:failures_data'] > tr");
      assertThat(failures).hasCount(3);
      failures.first().locator(".ui-row-toggler").click();
      assertThat(receiver.page().locator("pre.output")).containsText("图片_020.jpg: 源站返回 404");
      receiver.screenshot("detail.zh");
      receiver.assertSound();
    }
  }

  @Test
  @Order(5)
  void aTaskThatCannotGoOnSaysWhyInTheReadersLanguage() throws IOException {
    Api colleague = testbed.admin();
    TaskView neighbour = colleague.createTask(into("missing/part"));
    try (Reader submitter = reader().signIn("zhangwei", SUBMITTER_PASSWORD);
        Reader receiver = reader().signIn("lixiao", RECEIVER_PASSWORD)) {
      submitter.open("/tasks/create.xhtml");
      submitter.field("name").fill("缺少索引");
      submitter.page().locator("[id='form:expectedDeliveryAt_input']").fill(Reader.inAWeek());
      submitter.choose("receiver", "李晓");
      submitter.choose("machineTag", TAG);
      submitter.field("indexAddress").fill("s3://" + Testbed.INDEX_BUCKET + "/missing.txt");
      submitter.field("targetPath").fill("missing");
      submitter.field("purpose").fill("索引文件尚未上传。");
      assertThat(submitter.page().locator(".sharers li")).containsText("已有任务");
      submitter.screenshot("create-sharers.zh");
      submitter.choose("indexCharset", "GB18030");
      submitter.choose("script", "faces.py");
      submitter.page().locator("[id='form:advanced_toggler']").click();
      submitter.field("allowedHosts").fill("files.example.org");
      submitter.page().locator("[id='form:javaWire'] .ui-chkbox-box").click();
      submitter.press("submit");
      assertThat(submitter.page().locator("#head .tag").first()).hasText("已创建");

      String address = submitter.page().url();
      assertThatATryOutBeginsWithWhatTheTaskSays(submitter);
      receiver.open(address.substring(address.indexOf("/tasks/")));
      assertThat(receiver.page().locator(".sharers li")).containsText("已有任务");
      receiver.screenshot("approve-sharers.zh");
      receiver.use("en");
      assertThat(receiver.page().locator(".sharers li")).containsText("Replace existing files");
      receiver.screenshot("approve-sharers.en");
      receiver.use("zh");
      colleague.act(neighbour.id(), "cancel", "");
      assertThat(receiver.page().locator(".sharers")).hasCount(0);
      receiver.press("approve");
      assertThat(receiver.page().locator("#head .note.bad")).containsText("任务已中止：");
      assertThat(receiver.page().locator("#head .note.bad")).containsText("找不到 index 文件");
      receiver.screenshot("failed.zh");
      receiver.use("en");
      assertThat(receiver.page().locator("#head .note.bad")).containsText("The task was stopped:");
      receiver.screenshot("failed.en");
      receiver.press("cancel");
      receiver.page().locator(".ui-confirmdialog-yes").click();
      assertThat(receiver.page().locator("#head .tag").first()).hasText("Cancelled");
      receiver.assertSound();
    }
  }

  @Test
  @Order(6)
  void failuresAreTriedAgainFromTheFailureLog() throws IOException {
    try (Reader submitter = reader().signIn("zhangwei", SUBMITTER_PASSWORD)) {
      submitter.open(finishedTask);
      Locator failures = submitter.page().locator("[id='log:failures_data'] > tr");
      assertThat(failures).hasCount(3);
      submitter.page().locator("[id='log:retrySelected']").click();
      assertThat(submitter.page().locator("[id='notices']")).containsText("请至少选择一行");
      failures.first().locator(".ui-chkbox-box").click();
      submitter.page().locator("[id='log:retryComment']").fill("源站已恢复");
      submitter.screenshot("retry.zh");
      submitter.assertSound();
      submitter.page().locator("[id='log:retrySelected']").click();
      assertThat(submitter.page().locator("[id='notices']")).containsText("重试失败的行：1");
      assertThat(submitter.page().locator("#head .tag").first())
          .hasText(Pattern.compile("进行中|已完成"));
      assertThat(submitter.page().locator("#history")).containsText("源站已恢复");
      assertThat(submitter.page().locator("#head .tag").first())
          .hasText("已完成", new LocatorAssertions.HasTextOptions().setTimeout(START_OF_A_CLIENT_MS));
      submitter.open(finishedTask);
      submitter.page().locator("[id='log:retryShown']").click();
      assertThat(submitter.page().locator("[id='notices']")).containsText("重试失败的行：3");
      assertThat(submitter.page().locator("#head .tag").first())
          .hasText("已完成", new LocatorAssertions.HasTextOptions().setTimeout(START_OF_A_CLIENT_MS));
      assertThat(submitter.page().locator("[id='check:checkLedger']")).hasCount(0);
      assertThat(submitter.complaints()).isEmpty();
    }
    try (Reader admin = reader().signIn(Testbed.ADMIN, adminPassword)) {
      admin.open(finishedTask);
      admin.page().locator("[id='check:checkLedger']").click();
      assertThat(admin.page().locator("[id='check:checked']")).containsText("账目正确：共 1 个段、60 行");
      admin.screenshot("ledger-check.zh");
      admin.assertSound();
    }
  }

  @Test
  @Order(7)
  void aTaskIsMadeAndCalledOffWithoutAMouse() throws IOException {
    try (Reader submitter = reader()) {
      Page page = submitter.page();
      Keyboard keys = new Keyboard(page);
      submitter.open("/login.xhtml");
      keys.awaitFocus(submitter.field("username")).type("zhangwei");
      keys.press("Tab").type(SUBMITTER_PASSWORD).press("Enter");
      assertThat(page).hasTitle(Pattern.compile("任务列表"));
      keys.tabTo(page.locator(".skip")).press("Enter");
      keys.tabTo(page.locator("a.button")).press("Enter");

      keys.awaitFocus(submitter.field("name")).type("无鼠标");
      page.waitForLoadState(); // menus answer from then on
      keys.tabTo(menu(page, "priority")).press("ArrowDown");
      assertThat(menu(page, "priority")).hasText("中");
      keys.tabTo(page.locator("[id='form:expectedDeliveryAt_input']")).type(Reader.inAWeek());
      keys.tabTo(menu(page, "receiver")).press("ArrowDown");
      keys.tabTo(menu(page, "machineTag")).press("ArrowDown");
      keys.tabTo(submitter.field("indexAddress")).type("s3://" + Testbed.INDEX_BUCKET + "/no.txt");
      keys.tabTo(submitter.field("targetPath")).type("keys");
      keys.tabTo(menu(page, "script")).press("ArrowDown");
      Locator options = page.locator("[id='form:advanced_toggler']");
      keys.tabTo(options).press("Space").tabTo(submitter.field("allowedHosts")).type("a.example");
      keys.tabTo(submitter.field("submit")).press("Enter");

      assertThat(submitter.messageOf("purpose")).containsText("请填写“数据来源/用途”");
      keys.awaitFocus(submitter.field("purpose")).type("只用键盘。");
      keys.tabTo(submitter.field("submit")).press("Enter");

      assertThat(page.locator("#about")).containsText("a.example");
      keys.tabTo(submitter.field("cancel")).press("Enter");
      keys.awaitFocus(page.locator(".ui-confirmdialog-yes")).press("Escape");
      keys.awaitFocus(submitter.field("cancel")).press("Enter");
      keys.awaitFocus(page.locator(".ui-confirmdialog-yes")).press("Enter");
      assertThat(page.locator("#head .tag").first()).hasText("已取消");
      keys.awaitFocus(page.locator("[id='form']")); // what the button was in
      submitter.assertSound();
    }
  }

  @Test
  @Order(8)
  void everyPageIsSoundInBothLanguages() throws IOException {
    try (Reader admin = reader().signIn(Testbed.ADMIN, adminPassword)) {
      String script = scriptPage(admin);
      for (String language : List.of("zh", "en")) {
        admin.open("/tasks/list.xhtml");
        if (language.equals("en")) {
          admin.use("en");
        }
        look(admin, "/tasks/list.xhtml", "list." + language);
        look(admin, "/admin/users.xhtml", "users." + language);
        look(admin, "/admin/machines.xhtml", "machines." + language);
        look(admin, "/admin/projects.xhtml", "projects." + language);
        look(admin, script, "script." + language);
        if (language.equals("en")) {
          look(admin, "/tasks/create.xhtml", "create.en");
          look(admin, finishedTask, "detail.en");
        }
      }
    }
  }

  @Test
  @Order(9)
  void whatIsNotThereOrNotForThemIsSaidInWords() throws IOException {
    try (Reader submitter = reader().signIn("zhangwei", SUBMITTER_PASSWORD)) {
      submitter.open("/tasks/detail.xhtml?id=4711");
      assertThat(submitter.page().locator("h1")).hasText("页面不存在");
      submitter.screenshot("error-404.zh");
      submitter.open("/tasks/detail.xhtml?id=abc");
      assertThat(submitter.page().locator("h1")).hasText("页面不存在");
      submitter.open("/admin/users.xhtml");
      assertThat(submitter.page().locator("h1")).hasText("没有权限");
      submitter.open("/tasks/list.xhtml");
      submitter.page().locator("[id='signOut:go']").click();
      assertThat(submitter.page()).hasTitle(Pattern.compile("登录"));
      submitter.open("/tasks/list.xhtml");
      assertThat(submitter.page()).hasTitle(Pattern.compile("登录"));
    }
  }

  private static NewTask into(String targetPath) {
    return new NewTask(
        "已有任务",
        null,
        Instant.now().plus(Duration.ofDays(1)),
        null,
        null,
        "lixiao",
        TAG,
        "s3://" + Testbed.INDEX_BUCKET + "/missing.txt",
        null,
        targetPath,
        "同一存储地址下的另一任务。",
        null,
        SCRIPT,
        null,
        true,
        null,
        null);
  }

  private static void assertThatATryOutBeginsWithWhatTheTaskSays(Reader reader) {
    reader.page().locator("#about a:text-is('试运行')").click();
    for (String language : List.of("zh", "en")) {
      assertThat(reader.page().locator("h1")).hasText("faces.py");
      assertThat(reader.field("indexAddress"))
          .hasValue("s3://" + Testbed.INDEX_BUCKET + "/missing.txt");
      assertThat(reader.page().locator("[id='form:machineTag_label']")).hasText(TAG);
      assertThat(reader.page().locator("[id='form:indexCharset_label']")).containsText("GB18030");
      assertThat(reader.field("allowedHosts")).hasValue("files.example.org");
      assertThat(reader.page().locator("[id='form:javaWire_input']")).not().isChecked();
      if (language.equals("zh")) {
        reader.use("en");
        reader.page().reload(); // the address says all of it, too
      }
    }
  }

  private static Locator menu(Page page, String name) {
    return page.locator("[id='form:" + name + "_label']");
  }

  private static String scriptPage(Reader reader) {
    reader.open(finishedTask);
    reader.page().getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("faces.py")).click();
    assertThat(reader.page().locator("pre.source")).containsText("def download");
    String url = reader.page().url();
    return url.substring(url.indexOf("/tasks/"));
  }

  private static void look(Reader reader, String path, String name) throws IOException {
    reader.open(path);
    reader.screenshot(name);
    reader.assertSound();
  }

  private static void addUser(Reader admin, String username, String displayName, String password) {
    admin.field("username").fill(username);
    admin.field("displayName").fill(displayName);
    admin.field("password").fill(password);
    admin.press("add");
    assertThat(admin.row("list:rows", username)).containsText(displayName);
  }

  private static Reader reader() {
    return new Reader(chromium.browser(), testbed.server().url());
  }
}
