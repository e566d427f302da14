package io.aihub.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

class RelayHttpTest {

  @Test
  void aConnectionThatTheStorageMayHaveClosedIsNotUsedAgain() throws IOException {
    List<Integer> ports = new CopyOnWriteArrayList<>();
    HttpServer storage =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    storage.createContext(
        "/",
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    storage.start();
    try (SdkHttpClient relay = new RelayHttp().build()) {
      for (int i = 0; i < 10; i++) {
        put(relay, URI.create("http://127.0.0.1:" + storage.getAddress().getPort() + "/object"));
      }
    } finally {
      storage.stop(0);
    }
    assertThat(ports).hasSize(10).doesNotHaveDuplicates();
  }

  private static void put(SdkHttpClient client, URI address) throws IOException {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.PUT)
            .uri(address)
            .putHeader("Content-Length", "0")
            .build();
    assertThat(
            client
                .prepareRequest(HttpExecuteRequest.builder().request(request).build())
                .call()
                .httpResponse()
                .statusCode())
        .isEqualTo(200);
  }
}
