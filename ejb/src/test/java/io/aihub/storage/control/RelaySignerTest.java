package io.aihub.storage.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.storage.control.RelaySigner.SignedPut;
import io.aihub.storage.control.StorageSettings.Endpoint;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** The signatures are those of the SDK's presigner, whatever the address and the key look like. */
class RelaySignerTest {

  private static final String BUCKET = "datasetdownload";
  private static final String SHA_256 = "0123456789abcdef".repeat(4);
  private static final Map<String, String> METADATA = Map.of("aihub-line", "1/2");
  private static final Pattern DATE = Pattern.compile("X-Amz-Date=(\\w+)");

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9000, true, a/b.jpg",
    "http://127.0.0.1:9000/, true, 图 片/ü+~*'()!@$&=;:,?#%41[].jpg",
    "https://relay.example, true, a",
    "https://relay.example/below/it, true, a b",
    "https://obs.example, false, a/图.jpg",
    "https://obs.example:8443/below/, false, a/b"
  })
  void aPutIsSignedAsTheSdkSignsIt(URI uri, boolean pathStyle, String key) {
    Endpoint relay = new Endpoint(uri, "cn-north-4", "key", "secret", pathStyle);
    RelaySigner signer = new RelaySigner(new StorageSettings(relay, relay, BUCKET));
    SignedPut ours;
    String theirs;
    do { // until both fall into one second
      ours = signer.sign(key, 3, SHA_256, METADATA, null);
      theirs = presigned(relay, key).url().toString();
    } while (!date(ours.url()).equals(date(theirs)));

    assertThat(ours.url()).isEqualTo(theirs);
    assertThat(ours.headers())
        .containsEntry("If-None-Match", "*")
        .containsEntry("Content-Length", "3")
        .containsEntry("x-amz-meta-aihub-line", "1/2")
        .doesNotContainKey("host");
  }

  private static PresignedPutObjectRequest presigned(Endpoint relay, String key) {
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(relay.uri())
            .region(Region.of(relay.region()))
            .credentialsProvider(ObjectStore.credentials(relay))
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(relay.pathStyle()).build())
            .build()) {
      PutObjectRequest put =
          PutObjectRequest.builder()
              .bucket(BUCKET)
              .key(key)
              .contentType("application/octet-stream")
              .contentLength(3L)
              .checksumSHA256(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SHA_256)))
              .metadata(METADATA)
              .ifNoneMatch("*")
              .build();
      return presigner.presignPutObject(
          request -> request.signatureDuration(RelaySigner.VALIDITY).putObjectRequest(put));
    }
  }

  private static String date(String url) {
    Matcher date = DATE.matcher(url);
    assertThat(date.find()).isTrue();
    return date.group(1);
  }
}
