package io.aihub.client.batch;

import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineStatus.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Tells the server every half minute what this client does, for the fleet page. */
final class StatusReporter {

  private static final Logger LOG = Logger.getLogger(StatusReporter.class.getName());

  private final ServerClient server;
  private final WorkerPool pool;
  private final Holding holding;
  private final DrainSignal drain;
  private final Path workDir;

  StatusReporter(
      ServerClient server, WorkerPool pool, Holding holding, DrainSignal drain, Path workDir) {
    this.server = server;
    this.pool = pool;
    this.holding = holding;
    this.drain = drain;
    this.workDir = workDir;
  }

  /** Sends one report; a server that is away gets the next one. */
  void report() {
    Optional<String> reason = holding.reason();
    int busy = pool.busy();
    MachineStatus status =
        new MachineStatus(
            condition(reason.isPresent(), busy),
            reason.orElse(null),
            pool.size(),
            busy,
            freeDiskBytes(),
            residentBytes(),
            version());
    try {
      server.reportStatus(status);
    } catch (ServerUnavailableException | RefusedException lost) {
      LOG.log(Level.FINE, "Status not reported: {0}", lost.getMessage());
    }
  }

  private Condition condition(boolean held, int busy) {
    if (drain.isDraining()) {
      return Condition.DRAINING;
    }
    if (held) {
      return Condition.HOLDING;
    }
    return busy > 0 ? Condition.WORKING : Condition.IDLE;
  }

  private long freeDiskBytes() {
    try {
      return Files.getFileStore(workDir).getUsableSpace();
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /** From the kernel's own account of this process; 0 where there is none. */
  private static long residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException notLinux) {
      return 0;
    }
  }

  private static String version() {
    String version = StatusReporter.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
