package io.aihub.queue.boundary;

import io.aihub.queue.control.WorkPool;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Looks for leases whose time has run out. */
@Singleton
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ExpiryTimer {

  @Inject private ExpiryService expiry;
  @Inject private WorkPool pool;
  private final BackgroundJob job = new BackgroundJob("reclaiming expired leases", 1);

  @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "expiry")
  void reclaimExpired() {
    job.start(pool, expiry::reclaimExpired);
  }
}
