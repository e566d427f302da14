package io.aihub.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BundlePoolsTest {

  private static String certificate;

  private final BundlePools pools = new BundlePools(2, NetworkRules.none());

  /** One of those that the JDK trusts. */
  @BeforeAll
  static void takeACertificate() throws Exception {
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init((KeyStore) null);
    byte[] der =
        ((X509TrustManager) trusted.getTrustManagers()[0]).getAcceptedIssuers()[0].getEncoded();
    certificate =
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(der));
  }

  @AfterEach
  void close() {
    pools.pools().forEach(Pool::close);
  }

  /** Text beside its certificates makes another bundle. */
  private PoolUse use(String name) throws IOException {
    return pools.use((name + "\n" + certificate).getBytes(StandardCharsets.US_ASCII));
  }

  private String used(String name) throws IOException {
    try (PoolUse use = use(name)) {
      return use.bundle();
    }
  }

  private boolean isKnown(String bundle) {
    try (PoolUse known = pools.use(bundle)) {
      return known != null;
    }
  }

  @Test
  void oneBundleHasOnePool() throws IOException {
    try (PoolUse first = use("a");
        PoolUse second = use("a");
        PoolUse byHash = pools.use(first.bundle())) {
      assertThat(second.pool()).isSameAs(first.pool());
      assertThat(byHash.pool()).isSameAs(first.pool());
    }
  }

  @Test
  void theLongestUnusedMakesRoom() throws IOException {
    String kept = used("a");
    String dropped = used("b");
    used("a");

    String last = used("c");

    assertThat(isKnown(dropped)).isFalse();
    assertThat(isKnown(kept)).isTrue();
    assertThat(isKnown(last)).isTrue();
  }

  @Test
  void whatIsInUseStays() throws IOException {
    try (PoolUse inUse = use("a")) {
      used("b");
      used("c");
      assertThat(isKnown(inUse.bundle())).isTrue();

      PoolUse other = use("c");
      assertThatThrownBy(() -> use("d")).isInstanceOf(IOException.class);
      other.close();
      assertThat(isKnown(used("d"))).isTrue();
    }
  }

  @Test
  void aConnectionKeepsItsPool() throws Exception {
    PoolUse request = use("a");
    HttpRoute route = new HttpRoute(new HttpHost("https", "localhost", 443));
    ConnectionEndpoint connection =
        request
            .pool()
            .connections()
            .lease("test", route, Timeout.ofSeconds(1), null)
            .get(Timeout.ofSeconds(1));
    request.close();
    used("b");
    used("c");
    assertThat(isKnown(request.bundle())).isTrue();

    request.pool().connections().release(connection, null, null);
    used("b");
    used("c");
    assertThat(isKnown(request.bundle())).isFalse();
  }

  @Test
  void whatHasNoCertificatesCostsNobodyAPool() throws IOException {
    String one = used("a");
    String other = used("b");

    assertThatThrownBy(() -> pools.use("nothing".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(IOException.class);

    assertThat(isKnown(one)).isTrue();
    assertThat(isKnown(other)).isTrue();
  }
}
