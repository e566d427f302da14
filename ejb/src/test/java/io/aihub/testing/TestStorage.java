package io.aihub.testing;

import io.aihub.storage.control.StorageSettings;
import io.aihub.storage.control.StorageSettings.Endpoint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A real S3 server, S3Proxy, that keeps its objects in memory. */
public final class TestStorage implements AutoCloseable {

  public static final String BUCKET = "datasetdownload";
  public static final String INDEX_BUCKET = "indexes";

  private static final String KEY = "inside-key";
  private static final String SECRET = "inside-secret";

  private final S3Proxy proxy;
  private final URI uri;
  private final S3Client s3;

  public TestStorage() {
    this.proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
            .build();
    try {
      proxy.start();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
    this.uri = URI.create("http://127.0.0.1:" + proxy.getPort());
    this.s3 =
        S3Client.builder()
            .endpointOverride(uri)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
            .forcePathStyle(true)
            .build();
    s3.createBucket(bucket -> bucket.bucket(BUCKET));
    s3.createBucket(bucket -> bucket.bucket(INDEX_BUCKET));
  }

  /** Storage and relay are the same server. */
  public StorageSettings settings() {
    Endpoint endpoint = new Endpoint(uri, "us-east-1", KEY, SECRET, true);
    return new StorageSettings(endpoint, endpoint, BUCKET);
  }

  public S3Client s3() {
    return s3;
  }

  public void put(String bucket, String key, byte[] content) {
    s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  public void put(String bucket, String key, String content) {
    put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] get(String bucket, String key) {
    return s3.getObject(get -> get.bucket(bucket).key(key), ResponseTransformer.toBytes())
        .asByteArray();
  }

  @Override
  public void close() {
    s3.close();
    try {
      proxy.stop();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
