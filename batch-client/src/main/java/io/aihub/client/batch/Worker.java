package io.aihub.client.batch;

import io.aihub.client.lifecycle.Disk;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.lifecycle.Holding.Cause;
import io.aihub.client.lifecycle.Trees;
import io.aihub.client.relay.FinishedFile;
import io.aihub.client.relay.Uploader;
import io.aihub.client.server.LeaseOffer;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.RenewAnswer;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One of the workers of this process: it holds at most one lease at a time, and the chunk job it
 * runs takes lines from it, puts results into it and settles it. What the server or the relay
 * cannot do now it waits for; a lease that is lost it drops.
 */
final class Worker {

  private static final Logger LOG = Logger.getLogger(Worker.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final String name;
  private final Path folder;
  private final int leaseLines;
  private final ServerClient server;
  private final Uploader uploader;
  private final LineRunner runner;
  private final Disk disk;
  private final Holding holding;
  private final DrainSignal drain;
  private final Clock clock;

  private volatile HeldLease lease;
  private volatile Duration retryAfter = Duration.ZERO;

  Worker(
      String name,
      Path folder,
      int leaseLines,
      ServerClient server,
      Uploader uploader,
      LineRunner runner,
      Disk disk,
      Holding holding,
      DrainSignal drain,
      Clock clock) {
    this.name = name;
    this.folder = folder;
    this.leaseLines = leaseLines;
    this.server = server;
    this.uploader = uploader;
    this.runner = runner;
    this.disk = disk;
    this.holding = holding;
    this.drain = drain;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  boolean isBusy() {
    return lease != null;
  }

  /** When to ask for lines again after {@link #acquire} came back without any. */
  Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Asks for lines unless some are held already; false where there are none, see {@link
   * #retryAfter}.
   */
  boolean acquire() {
    if (lease != null) {
      return true;
    }
    try {
      LeaseOffer offer = server.lease(new LeaseRequest(leaseLines, name));
      holding.over(Cause.SERVER);
      holding.over(Cause.TOKEN);
      hold(offer.grant(), offer.retryAfter());
    } catch (ServerUnavailableException away) {
      holding.because(Cause.SERVER, away.getMessage());
      retryAfter = LONGEST_PAUSE.dividedBy(3);
    } catch (RefusedException refused) {
      holding.because(refused.isTokenRefused() ? Cause.TOKEN : Cause.SERVER, refused.getMessage());
      retryAfter = LONGEST_PAUSE;
    }
    return lease != null;
  }

  /** The next line to try; null where the lease has no more, or no more should be begun. */
  LeasedLine nextLine() {
    HeldLease held = lease;
    return held == null || takesNoMore() ? null : held.next();
  }

  /** Runs the script for a line of the lease; never throws for what a script does. */
  LineWork attempt(LeasedLine line) {
    HeldLease held = lease;
    if (held == null || held.isLost()) {
      return LineWork.result(LineResult.givenBack(line.line()));
    }
    Path output = leaseFolder(held).resolve(Long.toString(line.line()));
    LineWork work = runner.run(held.grant(), line, output);
    if (work.file() == null) {
      Trees.delete(output);
    }
    held.tried();
    return work;
  }

  /** Starts the script runtime ahead of the first line. */
  void prepare() {
    runner.prepare();
  }

  /** Ends the script runtime of this worker, whatever runs. */
  void close() {
    runner.close();
  }

  /** Ends the script that runs, if one does; its line is given back. */
  void interrupt() {
    runner.interrupt();
  }

  /**
   * Uploads what a chunk has brought; settles the lease and takes the next when its last line is
   * done.
   */
  void write(List<LineWork> chunk) {
    HeldLease held = lease;
    if (held == null) {
      return;
    }
    List<LineResult> results = new ArrayList<>();
    List<FinishedFile> files = new ArrayList<>();
    for (LineWork work : chunk) {
      if (work.file() == null) {
        results.add(work.result());
      } else {
        files.add(work.file());
      }
    }
    if (!files.isEmpty() && !held.isLost()) {
      try {
        results.addAll(uploader.upload(held.grant().leaseId(), held.grant().sequence(), files));
      } catch (RefusedException refused) {
        drop(held, refused);
        return;
      }
    }
    held.add(results, files.size());
    if (held.isLost()) {
      forget(held);
    } else if (held.isComplete()) {
      settle(held, takesNoMore() ? 0 : leaseLines);
    }
  }

  /** At the end of a job: what is not done goes back to the server. */
  void release() {
    HeldLease held = lease;
    if (held == null) {
      return;
    }
    if (held.isLost()) {
      forget(held);
    } else if (held.hasBegun() || takesNoMore()) {
      settle(held, 0);
    }
  }

  /** Renews the lease if it is time. */
  void renewIfDue() {
    HeldLease held = lease;
    if (held == null || !held.isRenewalDue(clock.instant())) {
      return;
    }
    try {
      RenewAnswer answer = server.renew(held.grant().leaseId(), held.renewal());
      held.renewed(answer.secondsToLive(), clock.instant());
      held.withdraw(answer.withdrawn());
      if (answer.stop()) {
        held.stop();
      }
    } catch (ServerUnavailableException away) {
      LOG.log(
          Level.FINE, "Lease {0} not renewed: {1}", new Object[] {held.grant().leaseId(), away});
    } catch (RefusedException refused) {
      if (refused.isLeaseGone() && lease == held) {
        LOG.log(Level.INFO, "{0} lost its lease: {1}", new Object[] {name, refused.getMessage()});
        held.lose();
      }
    }
  }

  private boolean takesNoMore() {
    return drain.isDraining() || disk.isLow();
  }

  private void settle(HeldLease held, int nextCapacity) {
    SettleRequest report =
        new SettleRequest(held.grant().sequence(), UUID.randomUUID(), held.report(), nextCapacity);
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        SettleAnswer answer = server.settle(held.grant().leaseId(), report);
        holding.over(Cause.SERVER);
        forget(held);
        hold(
            answer.next(),
            answer.retryAfterSeconds() == null
                ? Duration.ZERO
                : Duration.ofSeconds(answer.retryAfterSeconds()));
        return;
      } catch (ServerUnavailableException away) {
        holding.because(Cause.SERVER, away.getMessage());
        if (!drain.pause(pause)) {
          forget(held); // the server hands the lines out again when the lease has expired
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      } catch (RefusedException refused) {
        drop(held, refused);
        return;
      }
    }
  }

  private void drop(HeldLease held, RefusedException refused) {
    LOG.log(
        refused.isLeaseGone() ? Level.INFO : Level.WARNING,
        "{0} drops a lease of {1} lines: {2}",
        new Object[] {name, held.grant().lines().size(), refused.getMessage()});
    forget(held);
    retryAfter = FIRST_PAUSE;
  }

  private void hold(LeaseGrant grant, Duration askAgain) {
    retryAfter = grant == null && askAgain.isZero() ? FIRST_PAUSE : askAgain;
    lease = grant == null ? null : new HeldLease(grant, clock.instant());
  }

  private void forget(HeldLease held) {
    lease = null;
    Trees.delete(leaseFolder(held));
  }

  private Path leaseFolder(HeldLease held) {
    return folder.resolve(held.grant().leaseId() + "-" + held.grant().sequence());
  }
}
