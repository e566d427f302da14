package io.aihub.client.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/**
 * Brings the files of a chunk into storage through the relay, and settles the lease with its last
 * line.
 */
@Named
@Dependent
public class RelayWriter extends AbstractItemWriter {

  @Inject @BatchProperty private String worker;
  @Inject private WorkerPool pool;

  @Override
  public void writeItems(List<Object> items) {
    pool.worker(worker).write(items.stream().map(LineWork.class::cast).toList());
  }
}
