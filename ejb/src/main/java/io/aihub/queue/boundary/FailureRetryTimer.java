package io.aihub.queue.boundary;

import io.aihub.queue.control.WorkPool;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;

/** Has failed lines handed out again where people asked for it. */
@Singleton
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class FailureRetryTimer {

  @Inject private FailureRetryService retries;
  @Inject private WorkPool pool;
  @Inject private Clock clock;
  private BackgroundJob job;

  @PostConstruct
  void prepare() {
    job = new BackgroundJob("retrying failures", 1, clock);
  }

  @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "failure retries")
  void proceed() {
    job.start(pool, retries::proceed);
  }
}
