package io.aihub.client.batch;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/**
 * Starts the workers with the application and drains them before it ends; Payara Micro undeploys it
 * on a SIGTERM and waits.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ClientLifecycle {

  @Inject private WorkerPool pool;

  @PostConstruct
  void start() {
    pool.start();
  }

  @PreDestroy
  void stop() {
    pool.stop();
  }
}
