package io.aihub.testbed;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
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
 * An S3Proxy, in this JVM or in one of its own: either the intranet storage, which keeps a bucket
 * as a folder and an object as a plain file, or a relay in front of another S3 server, which checks
 * signatures made with its own keys and signs again with those of the storage.
 */
public final class S3Server {

  public static final String REGION = "us-east-1";

  private static final String SETTINGS = "AIHUB_S3_SERVER"; // in the environment: they hold keys
  private static final String FOLDER = "jclouds.filesystem.basedir";
  private static final String PORT = "port";
  private static final String ACCESS_KEY = "access-key";
  private static final String SECRET_KEY = "secret-key";

  private final int port;
  private final String accessKey;
  private final String secretKey;
  private final Properties backend;
  private S3Proxy proxy;
  private ChildProcess process;

  private S3Server(int port, String accessKey, String secretKey, Properties backend) {
    this.port = port;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.backend = backend;
  }

  /** Storage on a folder. */
  static S3Server onFolder(Path folder) {
    Properties backend = new Properties();
    backend.setProperty("jclouds.provider", "filesystem-nio2");
    backend.setProperty(FOLDER, folder.toString());
    return new S3Server(Ports.free(), "storage", Secrets.random(), backend);
  }

  /** A relay with an address and keys of its own. */
  static S3Server relayTo(S3Server storage) {
    Properties backend = new Properties();
    backend.setProperty("jclouds.provider", "aws-s3-sdk");
    backend.setProperty("jclouds.endpoint", storage.endpoint().toString());
    backend.setProperty("jclouds.identity", storage.accessKey);
    backend.setProperty("jclouds.credential", storage.secretKey);
    backend.setProperty("jclouds.region", REGION);
    return new S3Server(Ports.free(), "relay", Secrets.random(), backend);
  }

  /** Storage only, and before its start: keeps the buckets in another folder. */
  public void keepIn(Path folder) {
    backend.setProperty(FOLDER, folder.toString());
  }

  /** Starts it in this JVM. */
  public void start() throws IOException {
    if (isStorage()) {
      Files.createDirectories(folder());
    } else {
      RelayHttp.use();
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

  /** Starts it in a JVM of its own, so that its CPU can be told from that of others. */
  ChildProcess startApart(Path log, Path records) throws IOException {
    Properties settings = new Properties();
    settings.putAll(backend);
    settings.setProperty(PORT, String.valueOf(port));
    settings.setProperty(ACCESS_KEY, accessKey);
    settings.setProperty(SECRET_KEY, secretKey);
    StringWriter text = new StringWriter();
    settings.store(text, null);
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            S3Server.class.getName());
    command.environment().put(SETTINGS, text.toString());
    process = ChildProcess.start(accessKey, command, log, records);
    Waiting.until(
        "S3Proxy listens; see " + log,
        Duration.ofSeconds(60),
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("S3Proxy ended; see " + log);
          }
          return !Ports.isFree(port);
        });
    return process;
  }

  /** The process that {@link #startApart} starts. */
  public static void main(String[] arguments) throws IOException {
    Properties settings = new Properties();
    settings.load(new StringReader(System.getenv(SETTINGS)));
    new S3Server(
            Integer.parseInt(settings.getProperty(PORT)),
            settings.getProperty(ACCESS_KEY),
            settings.getProperty(SECRET_KEY),
            settings)
        .start();
  }

  /** Ends it at once; what it keeps on disk stays. */
  public void stop() throws IOException {
    if (process != null && process.isAlive()) {
      process.stop(Duration.ofSeconds(10));
    }
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
    Files.createDirectories(folder(bucket));
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
    return folder().resolve(bucket);
  }

  private Path folder() {
    return Path.of(backend.getProperty(FOLDER));
  }

  private boolean isStorage() {
    return backend.containsKey(FOLDER);
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
