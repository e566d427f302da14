package io.aihub.client.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.aihub.client.script.RunOptions;
import io.aihub.client.script.UnreadableOptionsException;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.RenewRequest;
import io.aihub.script.api.ScriptOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerClientTest {

  private static final UUID LEASE = UUID.fromString("00000000-0000-0000-0000-000000000001");

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private ServerClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          Answer answer = answers.remove();
          answer.headers().forEach(exchange.getResponseHeaders()::set);
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        new ServerClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/aihub"),
            "secret",
            4);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.stop(0);
  }

  @Test
  void aLeaseIsReadWithItsLines() throws Exception {
    answers.add(
        new Answer(
            200,
            Map.of(),
            """
            {"leaseId":"%s","sequence":3,"taskId":7,"scriptSha256":"ab","secondsToLive":120,
             "lineTimeLimitSeconds":600,"lines":[{"line":12,"attempt":2,"text":"http://例子/图|==|/a.jpg"}]}
            """
                .formatted(LEASE)));

    LeaseOffer offer = client.lease(new LeaseRequest(10, "worker-1"));

    assertThat(offer.grant().leaseId()).isEqualTo(LEASE);
    assertThat(offer.grant().sequence()).isEqualTo(3);
    assertThat(offer.grant().lines())
        .containsExactly(new LeasedLine(12, 2, "http://例子/图|==|/a.jpg"));
    assertThat(requests)
        .containsExactly(
            "POST /aihub/api/leases Bearer secret {\"capacity\":10,\"worker\":\"worker-1\"}");
  }

  @Test
  void aLeaseSaysHowItsScriptIsRun() throws Exception {
    ScriptOptions options =
        leased("{\"allowedHosts\":[\"*.example.org\"],\"javaWire\":false}").options();

    assertThat(options).isEqualTo(new ScriptOptions(List.of("*.example.org"), false));
    assertThat(leased("{\"javaWire\":false}").options()).isEqualTo(new ScriptOptions(null, false));
    assertThat(RunOptions.of(leased("null").options())).isEqualTo(RunOptions.USUAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"maxBytes\":10}",
        "{\"allowedHosts\":[\"example.org\"],\"maxBytes\":10}",
        "{\"allowedHosts\":\"example.org\"}",
        "{\"allowedHosts\":[80]}",
        "{\"allowedHosts\":[\"example.org:80\"]}",
        "{\"javaWire\":\"sometimes\"}",
        "{\"javaWire\":0}",
        "{\"allowedHosts\":{\"example.org\":true}}",
        "{\"allowedHosts\":[[\"example.org\"]]}",
        "true",
        "false",
        "3",
        "\"example.org\"",
        "[]",
        "[{\"javaWire\":false}]"
      })
  void whatThisClientDoesNotKnowIsNotOverlooked(String options) throws Exception {
    LeaseGrant grant = leased(options);

    assertThatThrownBy(() -> RunOptions.of(grant.options()))
        .isInstanceOf(UnreadableOptionsException.class)
        .hasMessageContaining("in a way that this client doesn't know");
  }

  private LeaseGrant leased(String options) throws Exception {
    answers.add(
        new Answer(
            200,
            Map.of(),
            """
            {"leaseId":"%s","sequence":3,"taskId":7,"scriptSha256":"ab","secondsToLive":120,
             "lineTimeLimitSeconds":600,"lines":[],"options":%s}
            """
                .formatted(LEASE, options)));
    return client.lease(new LeaseRequest(10, "w")).grant();
  }

  @Test
  void anEmptyQueueSaysWhenToAskAgain() throws Exception {
    answers.add(new Answer(204, Map.of("Retry-After", "17"), ""));

    assertThat(client.lease(new LeaseRequest(10, "w")))
        .isEqualTo(new LeaseOffer(null, Duration.ofSeconds(17)));
  }

  @Test
  void aCallIsRepeatedWhileTheServerIsAway() throws Exception {
    answers.add(new Answer(503, Map.of(), "<html>starting</html>"));
    answers.add(new Answer(502, Map.of(), ""));
    answers.add(new Answer(200, Map.of(), "{\"secondsToLive\":90,\"stop\":true}"));

    assertThat(client.renew(LEASE, new RenewRequest(1, 0)).stop()).isTrue();
    assertThat(requests).hasSize(3);
  }

  @Test
  void aServerThatStaysAwayIsReportedAsUnavailable() {
    for (int i = 0; i < 4; i++) {
      answers.add(new Answer(503, Map.of(), "<html>starting</html>"));
    }

    assertThatThrownBy(() -> client.lease(new LeaseRequest(10, "w")))
        .isInstanceOf(ServerUnavailableException.class)
        .hasMessageContaining("503");
  }

  @Test
  void aServerWhoseApplicationIsNotYetThereIsAwayAndRefusesNothing() throws Exception {
    answers.add(new Answer(404, Map.of(), "<html>no such page</html>"));
    answers.add(new Answer(200, Map.of(), "{\"secondsToLive\":90,\"stop\":true}"));

    assertThat(client.renew(LEASE, new RenewRequest(1, 0)).stop()).isTrue();
    assertThat(requests).hasSize(2);
  }

  @Test
  void aLostLeaseIsToldFromOtherRefusals() {
    answers.add(
        new Answer(
            409,
            Map.of(),
            "{\"status\":409,\"code\":\"lease.expired\",\"detail\":\"The lease has expired.\"}"));
    answers.add(new Answer(401, Map.of(), "{\"status\":401,\"detail\":\"Unknown token.\"}"));

    assertThatThrownBy(() -> client.renew(LEASE, new RenewRequest(1, 0)))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.isLeaseGone()).isTrue();
              assertThat(refused.isTokenRefused()).isFalse();
            });
    assertThatThrownBy(() -> client.renew(LEASE, new RenewRequest(1, 0)))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.isTokenRefused()).isTrue());
  }

  private record Answer(int status, Map<String, String> headers, String body) {}
}
