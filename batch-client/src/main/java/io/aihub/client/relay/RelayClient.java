package io.aihub.client.relay;

import io.aihub.client.http.HttpClientFactory;
import io.aihub.client.relay.PutResult.End;
import io.aihub.client.wire.NetworkRules;
import io.aihub.queue.api.UploadGrant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.FileEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends files to the relay exactly as the server granted it: that method, that address, those
 * headers. Thread-safe.
 */
public class RelayClient implements AutoCloseable {

  private static final int MAX_MESSAGE_CHARACTERS = 500;

  /** Time-outs, throttling, server errors and a full storage (507) pass. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 502, 503, 504, 507);

  private final CloseableHttpClient http;
  private final NetworkRules rules;

  /**
   * Prepares uploads.
   *
   * @param maxConnections how many may be under way at once
   * @param rules told where the relay is, to keep scripts away from it
   */
  public RelayClient(int maxConnections, NetworkRules rules) {
    this.rules = rules;
    http = HttpClientFactory.create(maxConnections, Timeout.ofMinutes(5), Timeout.ofMinutes(2));
  }

  PutResult send(UploadGrant grant, Path file) {
    URI address = URI.create(grant.url());
    rules.keepAway(address);
    HttpUriRequestBase request = new HttpUriRequestBase(grant.method(), address);
    grant
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) { // the entity says it
                request.setHeader(name, value);
              }
            });
    request.setEntity(new FileEntity(file.toFile(), contentType(grant)));
    try {
      return http.execute(request, response -> result(response.getCode(), response.getEntity()));
    } catch (IOException lost) {
      return new PutResult(End.AWAY, "the relay can't be reached: " + lost);
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
  }

  private static ContentType contentType(UploadGrant grant) {
    return grant.headers().entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(HttpHeaders.CONTENT_TYPE))
        .map(header -> ContentType.parse(header.getValue()))
        .findFirst()
        .orElse(ContentType.APPLICATION_OCTET_STREAM);
  }

  private static PutResult result(int status, HttpEntity body) throws IOException {
    if (status < 300) {
      EntityUtils.consume(body);
      return new PutResult(End.STORED, null);
    }
    String text;
    try {
      text = body == null ? "" : EntityUtils.toString(body, MAX_MESSAGE_CHARACTERS);
    } catch (org.apache.hc.core5.http.ParseException odd) {
      text = "";
    }
    String message = "the relay answered " + status + " " + text.strip();
    if (status == 412) {
      return new PutResult(End.OCCUPIED, message);
    }
    if (status == 403) {
      return new PutResult(End.GRANT_REFUSED, message);
    }
    if (status == 500) {
      return new PutResult(End.FAULT, message);
    }
    return new PutResult(PASSING.contains(status) ? End.AWAY : End.REJECTED, message);
  }
}
