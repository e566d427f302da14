package io.aihub.testbed;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * How the S3Proxy that serves as relay reaches the storage: with a new connection for each request.
 *
 * <p>It sends a body {@code aws-chunked}, and the S3Proxy that serves as storage stops reading
 * before such a body's last line break. Where that comes in a packet of its own, which depends on
 * the body's size and on who gets the CPU, the storage closes the connection after its answer
 * without having announced it. A relay that used it once more would answer 500.
 */
public final class RelayHttp implements SdkHttpService, SdkHttpClient.Builder<RelayHttp> {

  private static final int CONNECTIONS = 200;

  /** Makes the AWS SDK of this JVM use it. */
  static void use() {
    System.setProperty("software.amazon.awssdk.http.service.impl", RelayHttp.class.getName());
  }

  @Override
  public SdkHttpClient.Builder<?> createHttpClientBuilder() {
    return this;
  }

  @Override
  public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
    return new OneRequestAConnection(
        Apache5HttpClient.builder().maxConnections(CONNECTIONS).buildWithDefaults(defaults));
  }

  private record OneRequestAConnection(SdkHttpClient http) implements SdkHttpClient {

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest asked) {
      return http.prepareRequest(
          HttpExecuteRequest.builder()
              .request(
                  asked.httpRequest().copy(request -> request.putHeader("Connection", "close")))
              .contentStreamProvider(asked.contentStreamProvider().orElse(null))
              .metricCollector(asked.metricCollector().orElse(null))
              .build());
    }

    @Override
    public String clientName() {
      return http.clientName();
    }

    @Override
    public void close() {
      http.close();
    }
  }
}
