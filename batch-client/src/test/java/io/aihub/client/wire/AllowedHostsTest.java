package io.aihub.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.client.wire.NetworkRules.RefusedAddressException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  private static final AllowedHosts HOSTS =
      AllowedHosts.of(
          List.of(
              "files.example.org",
              "*.example.com",
              "xn--bcher-kva.example",
              "192.0.2.1",
              "2001:db8:0:0:0:0:0:1"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "files.example.org",
        "FILES.example.ORG",
        "files.example.org.",
        "a.example.com",
        "a.b.example.com",
        "A.EXAMPLE.COM.",
        "b\u00fccher.example",
        "B\u00dcCHER.example",
        "192.0.2.1",
        "::ffff:192.0.2.1",
        "2001:db8::1",
        "2001:DB8:0::1"
      })
  void whatIsListedIsAllowedHoweverItIsWritten(String host) {
    assertThat(HOSTS.contains(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org",
        "a.files.example.org",
        "files.example.org.evil.test",
        "example.com",
        "evilexample.com",
        ".example.com",
        "*.example.com",
        "192.0.2.2",
        "3221225985", // 192.0.2.1
        "0xc0.0.2.1",
        "192.0.513",
        "2001:db8::2",
        "",
        "files.example.org\u0000.evil.test"
      })
  void nothingElseIs(String host) {
    assertThat(HOSTS.contains(host)).isFalse();
  }

  @Test
  void withoutAListAnyHostIs() {
    assertThat(AllowedHosts.of(null).contains("anything.example")).isTrue();
    assertThat(AllowedHosts.of(List.of()).contains("anything.example")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "example.org:80", "{\"ports\":[80]}", "*", "a.*.b", ""})
  void aListIsReadWholeOrNotAtAll(String odd) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedHosts.of(List.of("example.org", odd)))
        .withMessage("no host: " + odd);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedHosts.of(Arrays.asList("example.org", null)));
  }

  @Test
  void anAddressIsAllowedOnceAListedNameThatStandsForItWasLookedUp() throws Exception {
    HostGate gate = new HostGate(AllowedHosts.of(List.of("localhost")));
    assertThatThrownBy(() -> gate.require("127.0.0.1"))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessage(
            "scripts may not connect there: the task's list of hosts doesn't have 127.0.0.1");

    gate.lookUp("LOCALHOST.");

    assertThatCode(() -> gate.require("127.0.0.1")).doesNotThrowAnyException();
    assertThatThrownBy(() -> gate.require("127.0.0.2")).isInstanceOf(RefusedAddressException.class);
  }

  @Test
  void aNameThatIsNotListedIsNotLookedUp() {
    HostGate gate = new HostGate(AllowedHosts.of(List.of("example.org")));

    assertThatThrownBy(() -> gate.lookUp("localhost"))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessageEndingWith("doesn't have localhost");
    assertThatThrownBy(() -> gate.require("127.0.0.1")).isInstanceOf(RefusedAddressException.class);
  }
}
