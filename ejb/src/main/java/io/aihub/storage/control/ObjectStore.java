package io.aihub.storage.control;

import io.aihub.shared.UnavailableException;
import io.aihub.storage.control.ObjectAccessException.Problem;
import io.aihub.storage.control.StorageSettings.Endpoint;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The one way to storage. Every method throws {@link UnavailableException} where storage does not
 * answer or is overloaded, and {@link ObjectAccessException} where it answers no.
 */
@ApplicationScoped
public class ObjectStore {

  /** For calls that somebody waits for: retries included, they end before a client gives up. */
  private static final AwsRequestOverrideConfiguration BOUNDED =
      AwsRequestOverrideConfiguration.builder().apiCallTimeout(Duration.ofSeconds(20)).build();

  private SdkHttpClient http;
  private S3Client s3;
  private HeadRequests heads;
  private StorageSettings settings;

  protected ObjectStore() {} // for the CDI proxy

  @Inject
  public ObjectStore(StorageSettings settings) {
    this.settings = settings;
    Endpoint storage = settings.storage();
    this.http =
        Apache5HttpClient.builder()
            .maxConnections(256)
            .connectionTimeout(Duration.ofSeconds(5))
            .socketTimeout(Duration.ofSeconds(30))
            .build();
    this.heads = new HeadRequests(http, storage);
    this.s3 =
        S3Client.builder()
            .endpointOverride(storage.uri())
            .region(Region.of(storage.region()))
            .credentialsProvider(credentials(storage))
            .forcePathStyle(storage.pathStyle())
            // other makers' storages know none of the newer default checksums
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(http)
            .build();
  }

  static AwsCredentialsProvider credentials(Endpoint endpoint) {
    return endpoint.accessKey() == null
        ? AnonymousCredentialsProvider.create()
        : StaticCredentialsProvider.create(
            AwsBasicCredentials.create(endpoint.accessKey(), endpoint.secretKey()));
  }

  @PreDestroy
  public void close() {
    s3.close();
    http.close();
  }

  /** The bucket that all files land in. */
  public String targetBucket() {
    return settings.bucket();
  }

  /** What storage says of an object; empty where there is none. */
  public Optional<StoredObject> head(String bucket, String key) {
    Optional<SdkHttpResponse> answer = heads.ask(bucket, key);
    return switch (answer.map(SdkHttpResponse::statusCode).orElse(0)) {
      case 200 -> answer.map(HeadRequests::stored);
      case 404 -> Optional.empty();
      default -> headPatiently(bucket, key);
    };
  }

  /** By the SDK's own client, which asks again and minds clocks that differ. */
  private Optional<StoredObject> headPatiently(String bucket, String key) {
    try {
      return Optional.of(
          call(
              bucket + "/" + key,
              () ->
                  HeadRequests.stored(
                      s3.headObject(
                              request ->
                                  request
                                      .bucket(bucket)
                                      .key(key)
                                      .checksumMode(ChecksumMode.ENABLED)
                                      .overrideConfiguration(BOUNDED))
                          .sdkHttpResponse())));
    } catch (ObjectAccessException refused) {
      if (refused.problem() == Problem.MISSING) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /**
   * What storage says of an object in the target bucket; empty where there is none. Where storage
   * doesn't let us look, it is not of use to us, and counts as not available.
   */
  public Optional<StoredObject> headTarget(String key) {
    try {
      return head(settings.bucket(), key);
    } catch (ObjectAccessException refused) {
      throw unavailable(refused);
    }
  }

  /**
   * Opens an object from byte {@code from} on. The caller closes the stream, and aborts it where it
   * does not read to the end.
   *
   * @param etag what the object must still be, or else {@link Problem#CHANGED}; null means anything
   */
  public ResponseInputStream<GetObjectResponse> open(
      String bucket, String key, long from, String etag) {
    return call(
        bucket + "/" + key,
        () ->
            s3.getObject(
                request -> {
                  request.bucket(bucket).key(key).ifMatch(etag);
                  if (from > 0) {
                    request.range("bytes=" + from + "-");
                  }
                }));
  }

  /**
   * Reads a part of an object into memory; fewer bytes where the object ends before.
   *
   * @param etag what the object must still be, or else {@link Problem#CHANGED}
   */
  public byte[] read(String bucket, String key, long from, int length, String etag) {
    String range = "bytes=" + from + "-" + (from + length - 1);
    return call(
        bucket + "/" + key,
        () ->
            s3.getObject(
                    request ->
                        request
                            .bucket(bucket)
                            .key(key)
                            .ifMatch(etag)
                            .range(range)
                            .overrideConfiguration(BOUNDED),
                    ResponseTransformer.toBytes())
                .asByteArrayUnsafe());
  }

  /** Writes a small object, replacing what stands there. */
  public void put(String bucket, String key, String contentType, byte[] content) {
    call(
        bucket + "/" + key,
        () ->
            s3.putObject(
                request -> request.bucket(bucket).key(key).contentType(contentType),
                RequestBody.fromBytes(content)));
  }

  /**
   * Writes an object of any size part by part, with one part in memory.
   *
   * @param afterEachPart told after each part; may throw to give up
   */
  public void write(String bucket, String key, InputStream content, Runnable afterEachPart)
      throws IOException {
    new PartwiseUpload(s3, bucket, key).write(content, afterEachPart);
  }

  /** Removes an object; nothing happens where there is none. */
  public void delete(String bucket, String key) {
    call(bucket + "/" + key, () -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
  }

  /** Returns normally where storage answers and has the target bucket. */
  public void check() {
    call(
        settings.bucket(),
        () ->
            s3.headBucket(
                request -> request.bucket(settings.bucket()).overrideConfiguration(BOUNDED)));
  }

  static <T> T call(String what, Supplier<T> request) {
    try {
      return request.get();
    } catch (S3Exception answer) {
      throw switch (answer.statusCode()) {
        case 404 -> new ObjectAccessException(Problem.MISSING, what, answer);
        case 412, 416 -> new ObjectAccessException(Problem.CHANGED, what, answer);
        case 400, 401, 403, 301, 307 -> new ObjectAccessException(Problem.REFUSED, what, answer);
        default -> unavailable(answer);
      };
    } catch (SdkException noAnswer) {
      throw unavailable(noAnswer);
    }
  }

  private static UnavailableException unavailable(Exception cause) {
    UnavailableException unavailable = new UnavailableException("storage.unavailable");
    unavailable.initCause(cause);
    return unavailable;
  }
}
