package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureRulesTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theCauseTellsMoreThanWhatWrapsIt() {
    assertThat(
            FailureRules.classify(
                List.of(type("requests.exceptions.ConnectionError"), type("_socket.gaierror"))))
        .isEqualTo(FailureClass.DNS);
  }

  @Test
  void aConnectionThatIsRefusedIsNoTimeoutThoughUrllib3DerivesItFromOne() {
    assertThat(
            FailureRules.classify(
                List.of(
                    type("requests.exceptions.ConnectionError"),
                    new RaisedLink(
                        List.of(
                            "urllib3.exceptions.NewConnectionError",
                            "urllib3.exceptions.TimeoutError"),
                        -1,
                        null,
                        -1))))
        .isEqualTo(FailureClass.CONNECT);
  }

  @Test
  void anUnreachableNetworkIsAConnectFailure() {
    assertThat(
            FailureRules.classify(
                List.of(new RaisedLink(List.of("builtins.OSError"), -1, null, 101))))
        .isEqualTo(FailureClass.CONNECT);
  }

  @Test
  void whatFitsNothingIsTheScripts() {
    assertThat(FailureRules.classify(List.of(type("builtins.KeyError"))))
        .isEqualTo(FailureClass.SCRIPT);
    assertThat(FailureRules.classify(List.of())).isEqualTo(FailureClass.SCRIPT);
  }

  @Test
  void aRetryAfterIsSecondsOrADateAndADayAtMost() {
    assertThat(retryAfter("120")).isEqualTo(120);
    assertThat(retryAfter("999999")).isEqualTo(86_400);
    assertThat(retryAfter("Thu, 01 Jan 2026 00:02:00 GMT")).isEqualTo(120);
    assertThat(retryAfter("Thu, 01 Jan 2015 00:00:00 GMT")).isZero();
    assertThat(retryAfter("soon")).isNull();
    assertThat(FailureRules.retryAfter(List.of(type("builtins.KeyError")), NOW)).isNull();
  }

  private static Integer retryAfter(String header) {
    return FailureRules.retryAfter(List.of(new RaisedLink(List.of(), 429, header, -1)), NOW);
  }

  private static RaisedLink type(String name) {
    return new RaisedLink(List.of(name), -1, null, -1);
  }
}
