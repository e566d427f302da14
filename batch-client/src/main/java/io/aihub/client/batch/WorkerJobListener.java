package io.aihub.client.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.listener.AbstractJobListener;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Tells the pool when a worker's job is over, so that it asks for lines again. */
@Named
@Dependent
public class WorkerJobListener extends AbstractJobListener {

  @Inject @BatchProperty private String worker;
  @Inject private WorkerPool pool;

  @Override
  public void afterJob() {
    pool.jobEnded(worker);
  }
}
