package io.aihub.storage.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Signs uploads to the relay's address, so that no key ever leaves the inside. */
@ApplicationScoped
public class RelaySigner {

  /** How long a signed upload may be begun. */
  public static final Duration VALIDITY = Duration.ofMinutes(15);

  private EndpointSigner signer;
  private String bucket;

  protected RelaySigner() {} // for the CDI proxy

  @Inject
  public RelaySigner(StorageSettings settings) {
    this.signer = new EndpointSigner(settings.relay());
    this.bucket = settings.bucket();
  }

  /**
   * Signs one PUT into the target bucket.
   *
   * @param sha256 64 lower-case hexadecimal digits; another body is refused
   * @param metadata user metadata to keep with the object
   * @param replaces the ETag of the object to replace; null where nothing may stand there
   */
  public SignedPut sign(
      String key, long size, String sha256, Map<String, String> metadata, String replaces) {
    SdkHttpRequest.Builder put =
        signer
            .request(SdkHttpMethod.PUT, bucket, key)
            // a form's type would break the signature in S3Proxy
            .putHeader("Content-Type", "application/octet-stream")
            .putHeader("Content-Length", Long.toString(size))
            .putHeader(
                "x-amz-checksum-sha256",
                Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)));
    metadata.forEach((name, value) -> put.putHeader("x-amz-meta-" + name, value));
    if (replaces == null) {
      put.putHeader("If-None-Match", "*");
    } else {
      put.putHeader("If-Match", replaces);
    }
    SdkHttpRequest signed = signer.presign(put.build(), VALIDITY);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
    URI uri = signed.getUri();
    if (uri.getAuthority().equalsIgnoreCase(headers.get("host"))) {
      headers.remove("host"); // every HTTP client sends this one by itself
    }
    return new SignedPut(uri.toString(), headers);
  }

  /**
   * A request that may be sent once as it stands.
   *
   * @param headers every header that is part of the signature
   */
  public record SignedPut(String url, Map<String, String> headers) {}
}
