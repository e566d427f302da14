package io.aihub.queue.control;

import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import java.util.function.Supplier;

/**
 * Runs a piece of work in one transaction. The services of the queue talk to storage between their
 * transactions and never within one, so they draw the line themselves.
 */
@Stateless
@Interceptors(DatabaseOutage.class)
public class Transactions {

  /** Commits when {@code work} returns; rolls back and passes on whatever it throws. */
  public <T> T call(Supplier<T> work) {
    return work.get();
  }
}
