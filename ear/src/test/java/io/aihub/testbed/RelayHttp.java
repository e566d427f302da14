package io.aihub.testbed;

import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/**
 * How the S3Proxy that serves as relay reaches the storage. The storage closes a connection that
 * was idle for 30 s; S3Proxy's own client would keep one for 60 s, use it once more, and answer
 * 500.
 */
public final class RelayHttp implements SdkHttpService {

  private static final Duration LIFE = Duration.ofSeconds(20);

  /** Makes the AWS SDK of this JVM use it. */
  static void use() {
    System.setProperty("software.amazon.awssdk.http.service.impl", RelayHttp.class.getName());
  }

  @Override
  public SdkHttpClient.Builder<?> createHttpClientBuilder() {
    return Apache5HttpClient.builder().connectionTimeToLive(LIFE).maxConnections(200);
  }
}
