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

/** Has settled segments closed and finished tasks completed. */
@Singleton
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SegmentTimer {

  @Inject private SegmentService segments;
  @Inject private WorkPool pool;
  @Inject private Clock clock;
  private BackgroundJob job;

  @PostConstruct
  void prepare() {
    job = new BackgroundJob("closing segments", 1, clock);
  }

  @Schedule(hour = "*", minute = "*", second = "*/2", persistent = false, info = "segments")
  void closeSettled() {
    job.start(pool, segments::closeSettled);
  }
}
