package io.aihub.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.client.wire.NetworkRules.RefusedAddressException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRulesTest {

  private static final NetworkRules USUAL = NetworkRules.guarding(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "localhost",
        "0.0.0.0",
        "10.1.2.3",
        "100.100.100.200",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.11.18",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "2130706433",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void whatIsNotPublicIsRefused(String host) {
    assertThatThrownBy(() -> USUAL.resolve(host, 80))
        .isInstanceOf(RefusedAddressException.class)
        .hasMessageStartingWith("scripts may not connect there: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "223.255.255.255",
        "64:ff9b::808:808",
        "2600::1"
      })
  void whatIsPublicIsNot(String host) throws Exception {
    assertThat(USUAL.allowed(host, 443)).containsExactly(InetAddress.getByName(host));
  }

  @Test
  void aNetworkCanBeOpened() throws Exception {
    NetworkRules rules = NetworkRules.guarding(List.of("10.1.0.0/16", "::1"));

    assertThat(rules.allowed("10.1.255.1", 80)).hasSize(1);
    assertThat(rules.allowed("::1", 80)).hasSize(1);
    assertThatThrownBy(() -> rules.allowed("10.2.0.1", 80))
        .isInstanceOf(RefusedAddressException.class);
  }

  @Test
  void theServerIsRefusedOnEveryPortAndInAnOpenNetworkOnItsOwn() throws Exception {
    NetworkRules usual = NetworkRules.guarding(List.of());
    usual.keepAway(URI.create("https://9.9.9.9/aihub"));
    NetworkRules open = NetworkRules.guarding(List.of("9.0.0.0/8"));
    open.keepAway(URI.create("https://9.9.9.9/aihub"));

    assertThatThrownBy(() -> usual.allowed("9.9.9.9", 80)).hasMessageContaining("own server");
    assertThatThrownBy(() -> open.allowed("9.9.9.9", 443)).hasMessageContaining("own server");
    assertThat(open.allowed("9.9.9.9", 80)).hasSize(1);
  }

  @Test
  void anUnknownNameStaysUnknown() {
    assertThatThrownBy(() -> USUAL.allowed("no-such-host.invalid", 80))
        .isInstanceOf(UnknownHostException.class)
        .isNotInstanceOf(RefusedAddressException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/x", "example.org/8", "::/129", ""})
  void whatIsNoNetworkIsRefusedAtTheStart(String written) {
    assertThatThrownBy(() -> NetworkRules.guarding(List.of(written)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a network");
  }
}
