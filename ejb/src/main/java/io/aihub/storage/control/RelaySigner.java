package io.aihub.storage.control;

import io.aihub.storage.control.StorageSettings.Endpoint;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** Signs uploads to the relay's address, so that no key ever leaves the inside. */
@ApplicationScoped
public class RelaySigner {

  /** How long a signed upload may be begun. */
  public static final Duration VALIDITY = Duration.ofMinutes(15);

  private S3Presigner presigner;
  private StorageSettings settings;

  protected RelaySigner() {} // for the CDI proxy

  @Inject
  public RelaySigner(StorageSettings settings) {
    this.settings = settings;
    Endpoint relay = settings.relay();
    this.presigner =
        S3Presigner.builder()
            .endpointOverride(relay.uri())
            .region(Region.of(relay.region()))
            .credentialsProvider(ObjectStore.credentials(relay))
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(relay.pathStyle()).build())
            .build();
  }

  @PreDestroy
  public void close() {
    presigner.close();
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
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(settings.bucket())
            .key(key)
            // a form's type would break the signature in S3Proxy
            .contentType("application/octet-stream")
            .contentLength(size)
            .checksumSHA256(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)))
            .metadata(metadata);
    if (replaces == null) {
      put.ifNoneMatch("*");
    } else {
      put.ifMatch(replaces);
    }
    PresignedPutObjectRequest signed =
        presigner.presignPutObject(
            request -> request.signatureDuration(VALIDITY).putObjectRequest(put.build()));
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signed.signedHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
    if (signed.url().getAuthority().equalsIgnoreCase(headers.get("host"))) {
      headers.remove("host"); // every HTTP client sends this one by itself
    }
    return new SignedPut(signed.url().toString(), headers);
  }

  /**
   * A request that may be sent once as it stands.
   *
   * @param headers every header that is part of the signature
   */
  public record SignedPut(String url, Map<String, String> headers) {}
}
