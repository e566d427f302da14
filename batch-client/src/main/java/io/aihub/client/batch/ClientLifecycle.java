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
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts the workers with the application and drains them before it ends; Payara Micro undeploys it
 * on a SIGTERM and waits. Where they can't start, for a setting or a folder that can't be used, the
 * process ends: Payara Micro would stay and do nothing.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ClientLifecycle {

  private static final Logger LOG = Logger.getLogger(ClientLifecycle.class.getName());
  private static final int CANNOT_START = 78; // EX_CONFIG of sysexits.h

  @Inject private WorkerPool pool;

  @PostConstruct
  void start() {
    try {
      pool.start();
    } catch (RuntimeException unusable) {
      LOG.log(Level.SEVERE, "The client can''t start: {0}", unusable.getMessage());
      Runtime.getRuntime().halt(CANNOT_START); // an exit would wait for the deployment under way
    }
  }

  @PreDestroy
  void stop() {
    pool.stop();
  }
}
