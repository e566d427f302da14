package io.aihub.client.batch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the operator of a machine sets; see the reference of configuration keys in the documents.
 */
@ApplicationScoped
public class ClientConfig {

  private static final int MAX_WORKERS = 64;
  private static final int MAX_LEASE_LINES = 1000;

  @Inject
  @ConfigProperty(name = "aihub.client.server")
  private URI server;

  @Inject
  @ConfigProperty(name = "aihub.client.token")
  private String token;

  @Inject
  @ConfigProperty(name = "aihub.client.workers", defaultValue = "4")
  private int workers;

  @Inject
  @ConfigProperty(name = "aihub.client.lease-lines", defaultValue = "10")
  private int leaseLines;

  @Inject
  @ConfigProperty(name = "aihub.client.work-dir", defaultValue = "${java.io.tmpdir}/aihub-client")
  private String workDir; // MicroProfile Config makes no Path

  @Inject
  @ConfigProperty(name = "aihub.client.min-free-disk-mib", defaultValue = "512")
  private long minFreeDiskMib;

  @Inject
  @ConfigProperty(name = "aihub.client.java-wire", defaultValue = "true")
  private boolean javaWire;

  /** Address of the server's web application, for example {@code https://aihub.example/aihub}. */
  public URI server() {
    return server;
  }

  public String token() {
    return token;
  }

  /** Number of lines that this machine works on at once, 1 to 64. */
  public int workers() {
    return inRange("aihub.client.workers", workers, MAX_WORKERS);
  }

  /** Number of lines that a worker leases at a time, 1 to 1000. */
  public int leaseLines() {
    return inRange("aihub.client.lease-lines", leaseLines, MAX_LEASE_LINES);
  }

  /** Where files in work are kept; belongs to one client process alone. */
  public Path workDir() {
    return Path.of(workDir).toAbsolutePath();
  }

  /** The client takes no more lines while less room than this is left. */
  public long minFreeDiskBytes() {
    return minFreeDiskMib * 1024 * 1024;
  }

  /** Whether scripts' HTTP requests go through Java's connections, or Python's own sockets. */
  public boolean javaWire() {
    return javaWire;
  }

  private static int inRange(String key, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalStateException(key + " is " + value + "; it must be from 1 to " + max);
    }
    return value;
  }
}
