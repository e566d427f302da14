package io.aihub.storage.control;

import io.aihub.storage.control.StorageSettings.Endpoint;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpHeaders;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Asks storage about single objects, once, and at a third of what it costs by the SDK's client: it
 * is done for each file that is ever downloaded.
 */
final class HeadRequests {

  private static final String METADATA = "x-amz-meta-";
  private static final int WHOLE =
      44; // characters of a SHA-256; that of parts has their number, too

  private final SdkHttpClient http;
  private final EndpointSigner signer;

  HeadRequests(SdkHttpClient http, Endpoint storage) {
    this.http = http;
    this.signer = new EndpointSigner(storage);
  }

  /** The answer whatever it is; empty where there is none. */
  Optional<SdkHttpResponse> ask(String bucket, String key) {
    SdkHttpRequest request =
        signer.sign(
            signer
                .request(SdkHttpMethod.HEAD, bucket, key)
                .putHeader("x-amz-checksum-mode", "ENABLED")
                .build());
    try {
      HttpExecuteResponse answer =
          http.prepareRequest(HttpExecuteRequest.builder().request(request).build()).call();
      answer.responseBody().ifPresent(none -> none.abort());
      return Optional.of(answer.httpResponse());
    } catch (IOException lost) {
      return Optional.empty();
    }
  }

  /** The object that an answer describes. */
  static StoredObject stored(SdkHttpHeaders answer) {
    Map<String, String> metadata = new TreeMap<>();
    answer.forEachHeader(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith(METADATA)) {
            metadata.put(lower.substring(METADATA.length()), String.join(",", values));
          }
        });
    return new StoredObject(
        answer.firstMatchingHeader("Content-Length").map(Long::parseLong).orElse(0L),
        answer.firstMatchingHeader("ETag").orElse(null),
        answer
            .firstMatchingHeader("x-amz-checksum-sha256")
            .filter(checksum -> checksum.length() == WHOLE)
            .map(checksum -> HexFormat.of().formatHex(Base64.getDecoder().decode(checksum)))
            .orElse(null),
        Map.copyOf(metadata));
  }
}
