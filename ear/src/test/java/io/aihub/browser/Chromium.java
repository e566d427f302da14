package io.aihub.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a Chromium and starts it without a screen: one on the path, or Playwright's own. */
final class Chromium implements AutoCloseable {

  static final String HOW_TO_GET_ONE =
      "No browser was found. Install one (Debian: apt-get install chromium fonts-noto-cjk), or let"
          + " Playwright fetch its own: mvn -pl ear test-compile"
          + " org.codehaus.mojo:exec-maven-plugin:java -Dexec.classpathScope=test"
          + " -Dexec.mainClass=com.microsoft.playwright.CLI -Dexec.args=\"install chromium\"";

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private static final List<String> QUIET =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--no-first-run");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Empty where this machine has none. */
  static Optional<Chromium> start() {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    BrowserType.LaunchOptions options = new BrowserType.LaunchOptions().setArgs(QUIET);
    onThePath().ifPresent(options::setExecutablePath);
    try {
      return Optional.of(new Chromium(playwright, playwright.chromium().launch(options)));
    } catch (PlaywrightException none) {
      playwright.close();
      return Optional.empty();
    }
  }

  private static Optional<Path> onThePath() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Browser browser() {
    return browser;
  }

  @Override
  public void close() {
    playwright.close();
  }
}
