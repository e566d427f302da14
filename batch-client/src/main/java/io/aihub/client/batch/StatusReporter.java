package io.aihub.client.batch;

import io.aihub.client.lifecycle.Disk;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineStatus.Condition;
import io.aihub.tryout.api.Errands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Tells the server every half minute, and when it changes, what this client does: for the fleet
 * page. The answer may bring something to do beside the downloads.
 */
final class StatusReporter {

  private static final Logger LOG = Logger.getLogger(StatusReporter.class.getName());
  private static final int EVERY_SECONDS = 30;
  private static final int MAX_REASON = 1000;

  private final ServerClient server;
  private final WorkerPool pool;
  private final Holding holding;
  private final DrainSignal drain;
  private final Disk disk;
  private final TryOutRunner tryOuts;
  private final Resolver resolver;
  private final String version = readVersion();
  private MachineStatus last;
  private int secondsSince;

  StatusReporter(
      ServerClient server,
      WorkerPool pool,
      Holding holding,
      DrainSignal drain,
      Disk disk,
      TryOutRunner tryOuts,
      Resolver resolver) {
    this.server = server;
    this.pool = pool;
    this.holding = holding;
    this.drain = drain;
    this.disk = disk;
    this.tryOuts = tryOuts;
    this.resolver = resolver;
  }

  /** To be called every second; a server that is away gets the next report. */
  synchronized void tick() {
    MachineStatus status = status();
    boolean changed =
        last == null
            || last.condition() != status.condition()
            || !Objects.equals(last.reason(), status.reason())
            || !Objects.equals(last.tryOut(), status.tryOut())
            || !Objects.equals(last.resolution(), status.resolution());
    if (!changed && ++secondsSince < EVERY_SECONDS) {
      return;
    }
    last = status;
    secondsSince = 0;
    try {
      Errands errands = server.reportStatus(status);
      if (errands.tryOut() != null) {
        tryOuts.begin(errands.tryOut());
      }
      if (errands.resolution() != null) {
        resolver.begin(errands.resolution());
      }
    } catch (ServerUnavailableException | RefusedException lost) {
      LOG.log(Level.FINE, "Status not reported: {0}", lost.getMessage());
    }
  }

  private MachineStatus status() {
    Optional<String> reason = holding.reason();
    int busy = pool.busy();
    return new MachineStatus(
        condition(reason.isPresent(), busy),
        reason
            .map(text -> text.length() > MAX_REASON ? text.substring(0, MAX_REASON) : text)
            .orElse(null),
        pool.size(),
        busy,
        disk.freeBytes(),
        residentBytes(),
        version,
        tryOuts.current(),
        resolver.current());
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

  private static String readVersion() {
    Properties properties = new Properties();
    try (InputStream in = StatusReporter.class.getResourceAsStream("client.properties")) {
      properties.load(in);
    } catch (IOException unreadable) {
      LOG.log(Level.FINE, "The client's version can't be read", unreadable);
    }
    return properties.getProperty("version", "unknown");
  }
}
