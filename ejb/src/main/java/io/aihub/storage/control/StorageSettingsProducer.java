package io.aihub.storage.control;

import io.aihub.storage.control.StorageSettings.Endpoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads {@code aihub.storage.*} and {@code aihub.relay.*}; the relay's defaults are storage's. */
@ApplicationScoped
public class StorageSettingsProducer {

  @Inject
  @ConfigProperty(name = "aihub.storage.endpoint", defaultValue = "http://127.0.0.1:9000")
  private URI endpoint;

  @Inject
  @ConfigProperty(name = "aihub.storage.region", defaultValue = "us-east-1")
  private String region;

  @Inject
  @ConfigProperty(name = "aihub.storage.access-key")
  private Optional<String> accessKey;

  @Inject
  @ConfigProperty(name = "aihub.storage.secret-key")
  private Optional<String> secretKey;

  @Inject
  @ConfigProperty(name = "aihub.storage.path-style", defaultValue = "true")
  private boolean pathStyle;

  @Inject
  @ConfigProperty(name = "aihub.storage.bucket", defaultValue = "datasetdownload")
  private String bucket;

  @Inject
  @ConfigProperty(name = "aihub.relay.endpoint")
  private Optional<URI> relayEndpoint;

  @Inject
  @ConfigProperty(name = "aihub.relay.region")
  private Optional<String> relayRegion;

  @Inject
  @ConfigProperty(name = "aihub.relay.access-key")
  private Optional<String> relayAccessKey;

  @Inject
  @ConfigProperty(name = "aihub.relay.secret-key")
  private Optional<String> relaySecretKey;

  @Inject
  @ConfigProperty(name = "aihub.relay.path-style")
  private Optional<Boolean> relayPathStyle;

  @Produces
  @Singleton
  StorageSettings settings() {
    Endpoint storage =
        new Endpoint(endpoint, region, accessKey.orElse(null), secretKey.orElse(null), pathStyle);
    Endpoint relay =
        new Endpoint(
            relayEndpoint.orElse(endpoint),
            relayRegion.orElse(region),
            relayAccessKey.or(() -> accessKey).orElse(null),
            relaySecretKey.or(() -> secretKey).orElse(null),
            relayPathStyle.orElse(pathStyle));
    return new StorageSettings(storage, relay, bucket);
  }
}
