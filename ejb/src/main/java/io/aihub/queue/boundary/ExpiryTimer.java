package io.aihub.queue.boundary;

import io.aihub.queue.control.WorkPool;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;

/** Looks for leases whose time has run out. */
@Singleton
@Startup
@DependsOn("SchemaMigration")
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ExpiryTimer {

  @Inject private ExpiryService expiry;
  @Inject private WorkPool pool;
  @Inject private Clock clock;
  private BackgroundJob job;

  /** This server may be the only one, and may have been down for longer than a lease lives. */
  @PostConstruct
  void forgiveOutage() {
    job = new BackgroundJob("reclaiming expired leases", 1, clock);
    expiry.forgiveOutage();
  }

  @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "expiry")
  void reclaimExpired() {
    job.start(pool, expiry::reclaimExpired);
  }
}
