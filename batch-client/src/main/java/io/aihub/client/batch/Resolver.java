package io.aihub.client.batch;

import io.aihub.client.script.packages.PackageStore;
import io.aihub.client.server.ServerClient;
import io.aihub.requirement.api.ResolutionOffer;
import io.aihub.requirement.api.ResolutionReport;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds out what requirements come to that the server hands to this machine, one after the other
 * and beside the workers.
 */
final class Resolver {

  private static final Logger LOG = Logger.getLogger(Resolver.class.getName());

  private final ServerClient server;
  private final PackageStore packages;
  private final ThreadFactory threads;
  private final ErrandReports reports;
  private volatile String current;

  Resolver(
      ServerClient server, PackageStore packages, ThreadFactory threads, ErrandReports reports) {
    this.server = server;
    this.packages = packages;
    this.threads = threads;
    this.reports = reports;
  }

  /** What is being resolved, or null. */
  String current() {
    return current;
  }

  /** Starts; the server offers nothing else while it lasts. */
  void begin(ResolutionOffer offer) {
    current = offer.sha256();
    threads.newThread(() -> run(offer)).start();
  }

  private void run(ResolutionOffer offer) {
    try {
      ResolutionReport report = packages.resolve(offer.text());
      if (report != null) {
        reports.send(
            "Requirements " + offer.sha256(),
            () -> server.reportResolution(offer.sha256(), report));
      }
    } catch (IOException | RuntimeException lost) {
      LOG.log(Level.WARNING, "Requirements " + offer.sha256() + " are given up", lost);
    } finally {
      current = null;
    }
  }
}
