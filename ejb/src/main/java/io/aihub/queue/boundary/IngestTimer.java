package io.aihub.queue.boundary;

import io.aihub.queue.control.Ingest;
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
import java.util.Optional;

/** Starts the reading of approved indexes, a few at a time. */
@Singleton
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class IngestTimer {

  private static final int AT_A_TIME = 4;

  @Inject private IngestService ingest;
  @Inject private WorkPool pool;
  @Inject private Clock clock;
  private BackgroundJob job;

  @PostConstruct
  void prepare() {
    job = new BackgroundJob("reading indexes", AT_A_TIME, clock);
  }

  @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "ingest")
  void startWaiting() {
    job.start(pool, this::readAll);
  }

  private void readAll() {
    Optional<Ingest> claimed = ingest.claim();
    while (claimed.isPresent()) {
      ingest.read(claimed.get());
      claimed = ingest.claim();
    }
  }
}
