package io.aihub.queue.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads {@code aihub.queue.*}. */
@ApplicationScoped
public class QueueSettingsProducer {

  @Inject
  @ConfigProperty(name = "aihub.queue.lease-seconds", defaultValue = "120")
  private int leaseSeconds;

  @Inject
  @ConfigProperty(name = "aihub.queue.line-time-limit-seconds", defaultValue = "600")
  private int lineTimeLimitSeconds;

  @Inject
  @ConfigProperty(name = "aihub.queue.max-attempts", defaultValue = "3")
  private int maxAttempts;

  @Inject
  @ConfigProperty(name = "aihub.queue.retry-base-seconds", defaultValue = "10")
  private int retryBaseSeconds;

  @Inject
  @ConfigProperty(name = "aihub.queue.retry-max-seconds", defaultValue = "3600")
  private int retryMaxSeconds;

  @Inject
  @ConfigProperty(name = "aihub.queue.poll-seconds", defaultValue = "5")
  private int pollSeconds;

  @Inject
  @ConfigProperty(name = "aihub.queue.segment-cache-mib", defaultValue = "64")
  private int segmentCacheMib;

  @Inject
  @ConfigProperty(name = "aihub.queue.verify-uploads", defaultValue = "true")
  private boolean verifyUploads;

  @Produces
  @Singleton
  QueueSettings settings() {
    return new QueueSettings(
        Duration.ofSeconds(leaseSeconds),
        Duration.ofSeconds(lineTimeLimitSeconds),
        maxAttempts,
        Duration.ofSeconds(retryBaseSeconds),
        Duration.ofSeconds(retryMaxSeconds),
        Duration.ofSeconds(pollSeconds),
        (long) segmentCacheMib << 20,
        verifyUploads);
  }
}
