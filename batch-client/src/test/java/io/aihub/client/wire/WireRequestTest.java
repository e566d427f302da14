package io.aihub.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are shared by scripts: what one sends must not be taken for another's request. */
class WireRequestTest {

  private static final String GET = "GET\nhttp\nhost\n80\n/x\n1000\n2000\n\nwhole\nHost: host";

  @Test
  void aPlainRequestIsRead() throws Exception {
    WireRequest request = WireRequest.parse(GET, null);

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.url()).isEqualTo("http://host/x");
    assertThat(request.readTimeout().toMilliseconds()).isEqualTo(2000);
    assertThat(request.headers()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: a\rGET / HTTP/1.1",
        "X: a\0b",
        "X y: a",
        "X:a",
        "Transfer-Encoding: chunked",
        "transfer-encoding: identity",
        "Content-Length: 5",
        "Content-Length: 0\ncontent-length: 0",
        "Upgrade: websocket",
        "Authorization: NTLM abc",
        "Proxy-Authorization: negotiate abc"
      })
  void aHeaderThatCouldTouchTheNextRequestIsRefused(String header) {
    assertRefused(GET + "\n" + header, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/a\rb", "/a\u0000", "/日"})
  void anOddTargetIsRefused(String target) {
    assertRefused(GET.replace("\n/x\n", "\n" + target + "\n"), null);
  }

  @ParameterizedTest
  @CsvSource({
    "/x, host",
    "*, host",
    "http://other.example/x, other.example",
    "HTTP://me:secret@other.example:8080?q=@host/, other.example",
    "http://[2001:db8::1]:80/, 2001:db8::1",
    "http://other.example\\@host/, ''",
    "other.example:80, ''"
  })
  void aProxyIsAskedForAnotherHost(String target, String host) throws Exception {
    WireRequest request = WireRequest.parse(GET.replace("\n/x\n", "\n" + target + "\n"), null);

    assertThat(request.targetHost()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"G ET", "CONNECT", ""})
  void anOddMethodIsRefused(String method) {
    assertRefused(method + GET.substring(3), null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "x"})
  void anOddPortIsRefused(String port) {
    assertRefused(GET.replace("\n80\n", "\n" + port + "\n"), null);
  }

  @Test
  void aBodyIsAsLongAsItsHeaderSays() throws Exception {
    byte[] body = "body".getBytes(StandardCharsets.UTF_8);

    assertThat(WireRequest.parse("POST" + GET.substring(3) + "\nContent-Length: 4", body).body())
        .isNotNull();
    assertRefused("POST" + GET.substring(3) + "\nContent-Length: 5", body);
    assertRefused("POST" + GET.substring(3), body);
  }

  private static void assertRefused(String text, byte[] body) {
    assertThatThrownBy(() -> WireRequest.parse(text, body))
        .isInstanceOfSatisfying(
            WireException.class,
            refused -> assertThat(refused.trouble()).isEqualTo(Trouble.ELSEWHERE));
  }
}
