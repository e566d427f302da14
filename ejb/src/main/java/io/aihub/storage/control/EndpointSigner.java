package io.aihub.storage.control;

import io.aihub.storage.control.StorageSettings.Endpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests about single objects by the AWS SDK's own signer, without all that the SDK's
 * clients do before they come to that: for what is done for each file.
 */
final class EndpointSigner {

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final Endpoint endpoint;
  private final AwsCredentialsIdentity keys; // null where the service asks for none

  EndpointSigner(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.keys =
        endpoint.accessKey() == null
            ? null
            : AwsBasicCredentials.create(endpoint.accessKey(), endpoint.secretKey());
  }

  /** A request without headers. */
  SdkHttpRequest.Builder request(SdkHttpMethod method, String bucket, String key) {
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method).uri(endpoint.uri());
    String path = request.encodedPath().replaceFirst("/$", "");
    return endpoint.pathStyle()
        ? request.encodedPath(path + "/" + bucket + "/" + encoded(key))
        : request.host(bucket + "." + request.host()).encodedPath(path + "/" + encoded(key));
  }

  /** Signs in the headers, for a request that is sent at once and has no body. */
  SdkHttpRequest sign(SdkHttpRequest request) {
    return sign(request, signed -> {});
  }

  /** Signs in the address, for a request that may be begun for so long, with whatever body. */
  SdkHttpRequest presign(SdkHttpRequest request, Duration validity) {
    return sign(
        request,
        signed ->
            signed
                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, validity));
  }

  private SdkHttpRequest sign(
      SdkHttpRequest request, Consumer<SignRequest.Builder<AwsCredentialsIdentity>> more) {
    if (keys == null) {
      return request;
    }
    return signer
        .sign(
            signed -> {
              signed
                  .identity(keys)
                  .request(request)
                  .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                  .putProperty(AwsV4HttpSigner.REGION_NAME, endpoint.region())
                  // both as S3 has it, unlike other services
                  .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                  .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                  .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false);
              more.accept(signed);
            })
        .request();
  }

  /** A key as RFC 3986 wants it in a path. */
  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }
}
