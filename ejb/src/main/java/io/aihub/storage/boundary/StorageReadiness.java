package io.aihub.storage.boundary;

import io.aihub.shared.UnavailableException;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.storage.control.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Says whether storage answers and has the target bucket. */
@Readiness
@ApplicationScoped
public class StorageReadiness implements HealthCheck {

  @Inject private ObjectStore store;

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("storage");
    try {
      store.check();
      return answer.up().build();
    } catch (UnavailableException | ObjectAccessException down) {
      return answer.down().withData("reason", down.getMessage()).build();
    }
  }
}
