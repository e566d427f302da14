package io.aihub.client.http;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Makes the HTTP clients for the client's two partners, the server and the relay. */
public final class HttpClientFactory {

  private static final Timeout CONNECT = Timeout.ofSeconds(10);
  private static final TimeValue CHECK_IDLE_AFTER = TimeValue.ofSeconds(2);

  private HttpClientFactory() {}

  /**
   * A client that does what it is told and no more: it repeats nothing, follows nothing, keeps no
   * cookies and asks for no compression.
   *
   * @param maxConnections how many requests may be under way at once; all go to one host
   * @param waitForConnection how long a further request waits for one of them to end
   * @param silence how long the partner may send nothing while an answer is awaited
   */
  public static CloseableHttpClient create(
      int maxConnections, Timeout waitForConnection, Timeout silence) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(maxConnections)
                .setMaxConnTotal(maxConnections)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setSocketTimeout(silence)
                        .setValidateAfterInactivity(CHECK_IDLE_AFTER)
                        .build())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom().setConnectionRequestTimeout(waitForConnection).build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableContentCompression()
        .build();
  }
}
