package io.aihub.client.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/**
 * Reads the lines of the lease that the job's worker holds; at the end of the step the rest goes
 * back.
 */
@Named
@Dependent
public class LeaseReader extends AbstractItemReader {

  @Inject @BatchProperty private String worker;
  @Inject private WorkerPool pool;

  @Override
  public Object readItem() {
    return pool.worker(worker).nextLine();
  }

  @Override
  public void close() {
    pool.worker(worker).release();
  }
}
