package io.aihub.client.server;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.aihub.client.http.HttpClientFactory;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.RenewAnswer;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.api.UploadAnswer;
import io.aihub.queue.api.UploadRequest;
import io.aihub.requirement.api.RequirementsView;
import io.aihub.requirement.api.ResolutionReport;
import io.aihub.tryout.api.Errands;
import io.aihub.tryout.api.TryOutResult;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.JsonbException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * The server's REST interface for machines. Every call is bounded in time and repeated a few times
 * while the server is merely away; all of them may be repeated safely (a settle carries the
 * identity of its report). Thread-safe.
 */
public class ServerClient implements AutoCloseable {

  private static final int MAX_ERROR_CHARACTERS = 2_000;
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);

  private final Jsonb json =
      JsonbBuilder.create(new JsonbConfig().withAdapters(new StrictOptions()));
  private final URI api;
  private final String authorization;
  private final CloseableHttpClient http;
  private final RetryPolicy<Answer> retries =
      RetryPolicy.<Answer>builder()
          .handle(IOException.class)
          .handleResultIf(this::isAway)
          .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
          .withJitter(0.5)
          .withMaxRetries(3)
          .build();

  /**
   * Prepares calls to one server with one machine's token.
   *
   * @param server address of the web application, for example {@code https://aihub.example/aihub}
   * @param maxConnections how many calls may be under way at once
   */
  public ServerClient(URI server, String token, int maxConnections) {
    String base = server.toString();
    this.api = URI.create((base.endsWith("/") ? base : base + "/") + "api/");
    this.authorization = "Bearer " + token;
    this.http =
        HttpClientFactory.create(maxConnections, Timeout.ofSeconds(30), Timeout.ofSeconds(60));
  }

  /** Asks for lines. */
  public LeaseOffer lease(LeaseRequest request)
      throws ServerUnavailableException, RefusedException {
    Answer answer = call("POST", "leases", request);
    return answer.body().isEmpty()
        ? new LeaseOffer(null, answer.retryAfter())
        : new LeaseOffer(json.fromJson(answer.body(), LeaseGrant.class), Duration.ZERO);
  }

  /** Reports on every line of a lease; the request's report id makes it safe to send it again. */
  public SettleAnswer settle(UUID lease, SettleRequest report)
      throws ServerUnavailableException, RefusedException {
    return json.fromJson(
        call("POST", "leases/" + lease + "/settle", report).body(), SettleAnswer.class);
  }

  public RenewAnswer renew(UUID lease, RenewRequest request)
      throws ServerUnavailableException, RefusedException {
    return json.fromJson(
        call("POST", "leases/" + lease + "/renew", request).body(), RenewAnswer.class);
  }

  /** Asks how the files of a lease may be uploaded. */
  public UploadAnswer uploads(UUID lease, UploadRequest request)
      throws ServerUnavailableException, RefusedException {
    return json.fromJson(
        call("POST", "leases/" + lease + "/uploads", request).body(), UploadAnswer.class);
  }

  /** The source of a script version; the caller checks its hash, see {@link #requirements}. */
  public String script(String sha256) throws ServerUnavailableException, RefusedException {
    return call("GET", "scripts/" + sha256, null).body();
  }

  /** What a script version requires; its hash covers this text, too. Empty where nothing. */
  public Optional<RequirementsView> requirements(String sha256)
      throws ServerUnavailableException, RefusedException {
    try {
      Answer answer = call("GET", "scripts/" + sha256 + "/requirements", null);
      return Optional.of(json.fromJson(answer.body(), RequirementsView.class));
    } catch (RefusedException refused) {
      if (refused.isBecause("requirements.none")) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /** Says what this machine does; the server may answer with something for it to do. */
  public Errands reportStatus(MachineStatus status)
      throws ServerUnavailableException, RefusedException {
    Answer answer = call("PUT", "machines/self/status", status);
    return answer.body().isEmpty()
        ? new Errands(null, null)
        : json.fromJson(answer.body(), Errands.class);
  }

  /** Says what requirements come to. */
  public void reportResolution(String sha256, ResolutionReport report)
      throws ServerUnavailableException, RefusedException {
    call("POST", "requirements/" + sha256 + "/resolution", report);
  }

  /** Says what became of a line of a try-out. */
  public void reportTryOut(long id, TryOutResult result)
      throws ServerUnavailableException, RefusedException {
    call("POST", "try-outs/" + id + "/results", result);
  }

  @Override
  public void close() throws IOException {
    http.close();
  }

  private Answer call(String method, String path, Object body)
      throws ServerUnavailableException, RefusedException {
    Answer answer;
    try {
      answer = Failsafe.with(retries).get(() -> send(method, path, body));
    } catch (FailsafeException failed) {
      throw new ServerUnavailableException(
          "the server at " + api + " can't be reached: " + failed.getCause(), failed.getCause());
    }
    if (isAway(answer)) {
      throw new ServerUnavailableException(
          "the server at " + api + " answers " + answer.status() + ": " + problem(answer).detail(),
          null);
    }
    if (answer.status() >= 300) {
      Problem problem = problem(answer);
      throw new RefusedException(answer.status(), problem.code(), problem.detail());
    }
    return answer;
  }

  private Answer send(String method, String path, Object body) throws IOException {
    HttpUriRequestBase request = new HttpUriRequestBase(method, api.resolve(path));
    request.setHeader(HttpHeaders.AUTHORIZATION, authorization);
    if (body != null) {
      request.setEntity(new StringEntity(json.toJson(body), ContentType.APPLICATION_JSON));
    }
    return http.execute(request, ServerClient::read);
  }

  private static Answer read(ClassicHttpResponse response) throws IOException, ParseException {
    String body =
        response.getEntity() == null
            ? ""
            : EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8);
    Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    return new Answer(response.getCode(), body, seconds(retryAfter));
  }

  private static Duration seconds(Header retryAfter) {
    if (retryAfter == null || !retryAfter.getValue().matches("\\d{1,6}")) {
      return DEFAULT_RETRY_AFTER;
    }
    return Duration.ofSeconds(Long.parseLong(retryAfter.getValue()));
  }

  /**
   * A server that starts answers 404 until its application is there; the application itself gives
   * each refusal a code.
   */
  private boolean isAway(Answer answer) {
    return answer.status() >= 500 || (answer.status() == 404 && problem(answer).code() == null);
  }

  /** What stands between client and server (a proxy, say) may answer errors in any form. */
  private Problem problem(Answer answer) {
    try {
      Problem problem = json.fromJson(answer.body(), Problem.class);
      if (problem != null && problem.detail() != null) {
        return problem;
      }
    } catch (JsonbException notJson) {
      // falls through to the raw text
    }
    String text = answer.body();
    return new Problem(
        null,
        text.length() > MAX_ERROR_CHARACTERS ? text.substring(0, MAX_ERROR_CHARACTERS) : text,
        null);
  }

  private record Answer(int status, String body, Duration retryAfter) {}
}
