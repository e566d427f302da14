package io.aihub.client.batch;

import io.aihub.queue.api.LeasedLine;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.ItemProcessor;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Runs {@code download} for a line. What goes wrong with a line is its result, never an error. */
@Named
@Dependent
public class ScriptProcessor implements ItemProcessor {

  @Inject @BatchProperty private String worker;
  @Inject private WorkerPool pool;

  @Override
  public Object processItem(Object line) {
    return pool.worker(worker).attempt((LeasedLine) line);
  }
}
