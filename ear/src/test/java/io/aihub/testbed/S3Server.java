package io.aihub.testbed;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3Proxy in this JVM: either the intranet storage, which keeps a bucket as a folder and an
 * object as a plain file, or a relay in front of another S3 server, which checks signatures made
 * with its own keys and signs again with those of the storage.
 */
public final class S3Server {

  public static final String REGION = "us-east-1";

  private final int port = Ports.free();
  private final String accessKey;
  private final String secretKey = Secrets.random();
  private final Properties backend;
  private final Path folder;
  private S3Proxy proxy;

  private S3Server(String accessKey, Properties backend, Path folder) {
    this.accessKey = accessKey;
    this.backend = backend;
    this.folder = folder;
  }

  /** Storage on a folder. */
  static S3Server onFolder(Path folder) {
    Properties backend = new Properties();
    backend.setProperty("jclouds.provider", "filesystem-nio2");
    backend.setProperty("jclouds.filesystem.basedir", folder.toString());
    return new S3Server("storage", backend, folder);
  }

  /** A relay with an address and keys of its own. */
  static S3Server relayTo(S3Server storage) {
    RelayHttp.use();
    Properties backend = new Properties();
    backend.setProperty("jclouds.provider", "aws-s3-sdk");
    backend.setProperty("jclouds.endpoint", storage.endpoint().toString());
    backend.setProperty("jclouds.identity", storage.accessKey);
    backend.setProperty("jclouds.credential", storage.secretKey);
    backend.setProperty("jclouds.region", REGION);
    return new S3Server("relay", backend, null);
  }

  public void start() throws IOException {
    if (folder != null) {
      Files.createDirectories(folder);
    }
    BlobStore store = BlobStores.create(backend.getProperty("jclouds.provider"), backend);
    proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(endpoint())
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
            .jettyMaxThreads(100)
            .build();
    try {
      proxy.start();
    } catch (Exception e) { // what S3Proxy declares
      throw new IOException("S3Proxy doesn't start at " + endpoint(), e);
    }
    Waiting.until("S3Proxy runs", Duration.ofSeconds(30), () -> proxy.getState().equals("STARTED"));
  }

  /** Ends it at once; what it keeps on disk stays. */
  public void stop() throws IOException {
    if (proxy != null) {
      try {
        proxy.stop();
      } catch (Exception e) { // what S3Proxy declares
        throw new IOException("S3Proxy doesn't stop at " + endpoint(), e);
      }
      proxy = null;
    }
  }

  /** Makes a bucket of the storage, as its owner would have done long ago. */
  void createBucket(String bucket) throws IOException {
    Files.createDirectories(folder.resolve(bucket));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public String accessKey() {
    return accessKey;
  }

  public String secretKey() {
    return secretKey;
  }

  /** The folder of a bucket; storage only. */
  public Path folder(String bucket) {
    return folder.resolve(bucket);
  }

  /** A client as a user of this server has one. The caller closes it. */
  public S3Client client() {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(Region.of(REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
        .forcePathStyle(true)
        .build();
  }
}
