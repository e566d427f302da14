package io.aihub.queue.boundary;

import io.aihub.queue.control.Ingest;
import io.aihub.queue.control.WorkPool;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Optional;

/** Starts the reading of approved indexes, a few at a time. */
@Singleton
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class IngestTimer {

  private static final int AT_A_TIME = 4;

  @Inject private IngestService ingest;
  @Inject private WorkPool pool;
  private final BackgroundJob job = new BackgroundJob("reading indexes", AT_A_TIME);

  @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "ingest")
  void startWaiting() {
    if (job.isFree()) {
      job.start(pool, this::readAll);
    }
  }

  private void readAll() {
    Optional<Ingest> claimed = ingest.claim();
    while (claimed.isPresent()) {
      ingest.read(claimed.get());
      claimed = ingest.claim();
    }
  }
}
