package io.aihub.queue.boundary;

import io.aihub.queue.control.DatabaseOutage;
import io.aihub.queue.control.Expiry;
import io.aihub.queue.control.QueueSettings;
import io.aihub.queue.control.Transactions;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.time.Clock;
import java.time.Instant;

/** Gives the lines of vanished workers to others. */
@Stateless
@Interceptors(DatabaseOutage.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ExpiryService {

  private static final int BATCH = 50;

  @Inject Clock clock;
  @Inject QueueSettings settings;
  @Inject Transactions transactions;
  @Inject Expiry expiry;

  /**
   * Gives workers a chance to go on with what they hold after an outage in which they could not
   * renew it: half a lease time from now.
   */
  public void forgiveOutage() {
    Instant until = clock.instant().plus(settings.leaseTime().dividedBy(2));
    transactions.call(() -> expiry.extend(until));
  }

  /** Takes back what every expired lease held; returns the number of leases. */
  public int reclaimExpired() {
    Instant now = clock.instant();
    int all = 0;
    int batch;
    do {
      batch = transactions.call(() -> expiry.reclaim(now, BATCH));
      all += batch;
    } while (batch == BATCH);
    transactions.call(() -> expiry.forget(now));
    return all;
  }
}
