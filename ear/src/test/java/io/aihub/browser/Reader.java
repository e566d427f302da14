package io.aihub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.options.WaitForSelectorState.ATTACHED;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/** Somebody at a browser window of their own. */
final class Reader implements AutoCloseable {

  private static final int WIDE = 1280;
  private static final int ATTEMPTS = 4;
  private static final double MENU_TIME = 5_000;
  private static final int NARROW = 400;
  private static final int HEIGHT = 800;

  private final String server;
  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  Reader(Browser browser, String server) {
    this.server = server;
    this.context =
        browser.newContext(new Browser.NewContextOptions().setViewportSize(WIDE, HEIGHT));
    this.page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    page.onRequest(
        request -> {
          if (!request.url().startsWith(server) && !request.url().startsWith("data:")) {
            complaints.add(page.url() + " asks for " + request.url());
          }
        });
  }

  Page page() {
    return page;
  }

  /** What the browser's console complained of so far, and requests that left the server. */
  List<String> complaints() {
    return complaints;
  }

  void open(String path) {
    page.navigate(server + path);
  }

  Reader signIn(String username, String password) {
    open("/login.xhtml");
    field("username").fill(username);
    field("password").fill(password);
    page.locator("[id='form:enter']").click();
    return this;
  }

  /** An input of the page's main form, by the name of the service's field. */
  Locator field(String name) {
    return page.locator("[id='form:" + name + "']");
  }

  /** The message beside a field. */
  Locator messageOf(String name) {
    return page.locator("[id='form:" + name + "Message']");
  }

  /**
   * Picks from a menu by the text of the choice. PrimeFaces closes an open menu when the page
   * scrolls, as it may do by itself after the click that opened it; a person then clicks again. A
   * menu takes choices once it is said to be expanded: a click while it still fades in, faster than
   * a person's, ends in an error of PrimeFaces' script.
   */
  void choose(String name, String choice) {
    Locator label = page.locator("[id='form:" + name + "_label']");
    Locator expanded = field(name).locator("[aria-expanded=true]");
    Locator item =
        page.locator("[id='form:" + name + "_panel'] li")
            .filter(new Locator.FilterOptions().setHasText(choice))
            .first();
    for (int attempt = 1; attempt <= ATTEMPTS && !label.textContent().contains(choice); attempt++) {
      if (!item.isVisible()) {
        field(name).click();
      }
      try {
        expanded.waitFor(new Locator.WaitForOptions().setTimeout(MENU_TIME).setState(ATTACHED));
        item.click(new Locator.ClickOptions().setTimeout(MENU_TIME));
        label
            .filter(new Locator.FilterOptions().setHasText(choice))
            .waitFor(new Locator.WaitForOptions().setTimeout(MENU_TIME));
      } catch (TimeoutError closedMeanwhile) {
        // the next attempt opens it again; the assertion below tells where none succeeds
      }
    }
    assertThat(label).containsText(choice);
  }

  void upload(String fileName, String content) {
    page.setInputFiles(
        "[id='form:upload_input']",
        new FilePayload(fileName, "text/x-python", content.getBytes(StandardCharsets.UTF_8)));
  }

  void uploadRequirements(String content) {
    page.setInputFiles(
        "[id='form:requirements_input']",
        new FilePayload(
            "requirements.txt", "text/plain", content.getBytes(StandardCharsets.UTF_8)));
  }

  /** The rows of a table that contain a text. */
  Locator row(String table, String text) {
    return page.locator("[id='" + table + "_data'] > tr")
        .filter(new Locator.FilterOptions().setHasText(text));
  }

  void press(String button) {
    page.locator("[id='form:" + button + "']").click();
  }

  /**
   * Switches to the other language and waits until the whole page is in it: the language is told by
   * its first tag, long before its fields are there to be looked at.
   */
  void use(String language) {
    page.locator("[id='language:" + language + "']").click();
    assertThat(page.locator("html"))
        .hasAttribute("lang", Pattern.compile(language.equals("zh") ? "zh-CN" : language));
    page.waitForLoadState();
  }

  void screenshot(String name) throws IOException {
    Path file = Screenshots.file(name);
    Files.createDirectories(file.getParent());
    // a window that is being closed or a menu that fades would blur the picture
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setAnimations(com.microsoft.playwright.options.ScreenshotAnimations.DISABLED)
            .setPath(file));
    Screenshots.publish(file, name);
  }

  /** Faults that can be found without a person: missing labels, doubled ids and the like. */
  @SuppressWarnings("unchecked") // the script returns an array of strings
  List<String> faults() throws IOException {
    String script;
    try (var stream = Reader.class.getResourceAsStream("faults.js")) {
      script = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    return (List<String>) page.evaluate(script);
  }

  /** Pixels by which the page is wider than a phone's screen. */
  int overflowOnAPhone() {
    page.setViewportSize(NARROW, HEIGHT);
    try {
      return (int)
          page.evaluate(
              "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
    } finally {
      page.setViewportSize(WIDE, HEIGHT);
    }
  }

  void assertSound() throws IOException {
    Assertions.assertThat(faults()).as(page.url()).isEmpty();
    Assertions.assertThat(overflowOnAPhone()).as("overflow of " + page.url()).isZero();
    Assertions.assertThat(complaints).isEmpty();
  }

  /** A time that the forms accept. */
  static String inAWeek() {
    return ZonedDateTime.now(ZoneId.of("Asia/Shanghai"))
        .plusDays(7)
        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
  }

  @Override
  public void close() {
    context.close();
  }
}
