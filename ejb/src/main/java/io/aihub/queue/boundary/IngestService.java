package io.aihub.queue.boundary;

import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.IndexReader;
import io.aihub.queue.control.IndexReader.UnusableIndexException;
import io.aihub.queue.control.Ingest;
import io.aihub.queue.control.IngestRepository;
import io.aihub.queue.control.IngestRepository.ClaimLostException;
import io.aihub.queue.control.Transactions;
import io.aihub.shared.Reason;
import io.aihub.shared.UnavailableException;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.task.boundary.TaskLifecycle;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads the indexes of approved tasks. Takes as long as an index is long: call it in background.
 */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class IngestService {

  private static final Duration PAUSE_AFTER_OUTAGE = Duration.ofSeconds(15);

  @Inject Clock clock;
  @Inject Transactions transactions;
  @Inject IngestRepository ingests;
  @Inject IndexReader reader;
  @Inject TaskLifecycle lifecycle;

  /**
   * Claims the most urgent index that waits to be read, or one whose reader is gone; empty where
   * there is none. The claim has to be followed by {@link #read} soon.
   */
  public Optional<Ingest> claim() {
    Instant now = clock.instant();
    return transactions.call(() -> ingests.claim(now, now.plus(IndexReader.CLAIM)));
  }

  /**
   * Reads a claimed index to its end. An index that cannot be read fails its task with the reason;
   * where storage is down, it will be claimed and read on later.
   */
  public void read(Ingest ingest) {
    try {
      reader.read(ingest);
    } catch (UnusableIndexException unusable) {
      fail(ingest, Reason.of(unusable.code(), ingest.indexAddress()));
    } catch (ObjectAccessException refused) {
      fail(ingest, IndexProblems.reason(refused));
    } catch (UnavailableException outage) {
      ingests.release(ingest, clock.instant().plus(PAUSE_AFTER_OUTAGE));
    } catch (ClaimLostException takenOver) {
      ingests.release(ingest, clock.instant()); // of no effect where another reader has it
    }
  }

  private void fail(Ingest ingest, Reason why) {
    transactions.call(
        () -> {
          lifecycle.fail(ingest.taskId(), why);
          ingests.release(ingest, clock.instant());
          return null;
        });
  }
}
