package io.aihub.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.identity.api.NewUser;
import io.aihub.identity.boundary.UserService;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sign-in page by its forms, as a browser sends them, with a clock that the test moves. */
@ExtendWith(ArquillianExtension.class)
class SignInPageIT {

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Pattern ACTION =
      Pattern.compile("<form id=\"form\"[^>]* action=\"([^\"]*)\"");
  private static final Pattern VIEW_STATE =
      Pattern.compile("name=\"jakarta\\.faces\\.ViewState\"[^>]* value=\"([^\"]*)\"");
  private static final Pattern NONCE = Pattern.compile(" nonce=\"([^\"]+)\"");
  private static final Pattern PAUSED = Pattern.compile("用户名或密码连续多次不正确，请 (\\d+) 秒后再试。");

  @Inject private UserService users;
  @Inject private MovableClock clock;
  @Inject private HttpServletRequest request;

  @Inject
  @ConfigProperty(name = "aihub.identity.admin-username", defaultValue = "admin")
  private String admin;

  private final String username = "forgetful-" + UUID.randomUUID().toString().substring(0, 8);
  private final String password = "password-of-" + username;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();

  @Deployment
  static EnterpriseArchive server() {
    return BuiltEar.withTests(new Class<?>[] {SignInPageIT.class}, Assertions.class);
  }

  @BeforeEach
  void introduce() {
    users.create(admin, new NewUser(username, "健忘", password, false));
  }

  @AfterEach
  void putTheClockBack() {
    clock.setAhead(Duration.ZERO);
  }

  @Test
  void whoGoesOnWithWrongPasswordsIsToldToWaitAndEntersOnceThePauseIsOver() throws Exception {
    for (int wrong = 1; wrong < 5; wrong++) {
      assertThat(signIn("wrong").body()).contains("用户名或密码不正确。").doesNotContain("秒后再试");
    }
    Duration ahead = Duration.ZERO;
    assertThat(secondsToWait(signIn("wrong"))).isBetween(1, 3);
    for (int wrong = 6; wrong < 14; wrong++) { // each pause is twice as long, up to the longest
      ahead = ahead.plus(LONGEST_PAUSE);
      clock.setAhead(ahead);
      assertThat(secondsToWait(signIn("wrong"))).isPositive();
    }

    assertThat(secondsToWait(signIn(password))).as("in the pause").isBetween(200, 301);

    clock.setAhead(ahead.plus(LONGEST_PAUSE));
    assertThat(signIn(password).headers().firstValue("Location").orElseThrow())
        .endsWith("/aihub/tasks/list.xhtml");
  }

  @Test
  void thePageThatWasAskedForIsShownAfterwardsWithAllThatItsAddressSays() throws Exception {
    String asked =
        "/aihub/tasks/script.xhtml?sha256=0&tag=%E9%A6%99%E6%B8%AF&index=s3%3A%2F%2Fb%2Fi.txt";
    String signInPage = get(asked).headers().firstValue("Location").orElseThrow();
    assertThat(signInPage).contains("/login.xhtml?from=");

    HttpResponse<String> entered = submit(get(path(signInPage)), password);
    assertThat(entered.headers().firstValue("Location").orElseThrow()).endsWith(asked);
  }

  @Test
  void aLinkFromOutsideDoesNotLeadElsewhere() throws Exception {
    HttpResponse<String> entered =
        submit(get("/aihub/login.xhtml?from=//example.com/tasks/list.xhtml"), password);
    assertThat(entered.headers().firstValue("Location").orElseThrow())
        .endsWith("/aihub/tasks/list.xhtml")
        .doesNotContain("example.com");
  }

  @Test
  void aPageThatIsSentWithoutItsNonceOrAfterItsViewIsGoneIsSaidToHaveExpired() throws Exception {
    HttpResponse<String> page = get("/aihub/login.xhtml");
    assertThat(expired(submit(page, Map.of("primefaces.nonce", "")))).contains("页面已过期");
    assertThat(expired(submit(page, Map.of("jakarta.faces.ViewState", "1:2")))).contains("页面已过期");

    String english = "aihub.language=en; Path=/aihub";
    cookies.put(page.uri(), Map.of("Set-Cookie", List.of(english)));
    assertThat(expired(submit(page, Map.of("primefaces.nonce", ""))))
        .contains("The page has expired");
  }

  private String expired(HttpResponse<String> answer) throws IOException, InterruptedException {
    String location = answer.headers().firstValue("Location").orElseThrow();
    assertThat(location).endsWith("/aihub/errors/expired.xhtml");
    return get(path(location)).body();
  }

  private HttpResponse<String> signIn(String word) throws IOException, InterruptedException {
    return submit(get("/aihub/login.xhtml"), word);
  }

  private HttpResponse<String> submit(HttpResponse<String> page, String word)
      throws IOException, InterruptedException {
    return submit(page, Map.of("form:password", word));
  }

  private HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> inputs)
      throws IOException, InterruptedException {
    Map<String, String> form =
        new HashMap<>(
            Map.of(
                "form",
                "form",
                "form:username",
                username,
                "form:password",
                "wrong",
                "form:enter",
                "",
                "jakarta.faces.ViewState",
                found(VIEW_STATE, page),
                "primefaces.nonce",
                found(NONCE, page)));
    form.putAll(inputs);
    String body =
        form.entrySet().stream()
            .map(input -> encoded(input.getKey()) + "=" + encoded(input.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        to(found(ACTION, page))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path).GET());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + request.getLocalPort() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder message)
      throws IOException, InterruptedException {
    return browser.send(
        message.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private static int secondsToWait(HttpResponse<String> page) {
    return Integer.parseInt(found(PAUSED, page));
  }

  private static String found(Pattern pattern, HttpResponse<String> page) {
    Matcher matcher = pattern.matcher(page.body());
    assertThat(matcher.find()).as(page.body()).isTrue();
    return matcher.group(1);
  }

  private static String path(String address) {
    URI uri = URI.create(address);
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
