package io.aihub.client.relay;

import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.relay.PutResult.End;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings the files of one lease into storage: asks the server for grants, sends the files to the
 * relay in parallel, and goes on until each file is stored or refused. A relay or server that is
 * away makes it hold and try again; it never gives a file up for that, but for one that the relay
 * fails at while others are stored. Thread-safe.
 */
public class Uploader {

  /**
   * A grant that the relay refuses is asked for anew this often; then the line's attempt has
   * failed.
   */
  private static final int MAX_GRANTS_REFUSED = 3;

  /** Within three quarters of a minute, and only where others were stored meanwhile. */
  private static final int MAX_FAULTS = 8;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final ServerClient server;
  private final RelayClient relay;
  private final Executor executor;
  private final Holding holding;
  private final DrainSignal drain;
  private final Duration firstPause;

  /** How many files of all leases were stored. */
  private final AtomicLong stored = new AtomicLong();

  public Uploader(
      ServerClient server,
      RelayClient relay,
      Executor executor,
      Holding holding,
      DrainSignal drain) {
    this(server, relay, executor, holding, drain, FIRST_PAUSE);
  }

  Uploader(
      ServerClient server,
      RelayClient relay,
      Executor executor,
      Holding holding,
      DrainSignal drain,
      Duration firstPause) {
    this.server = server;
    this.relay = relay;
    this.executor = executor;
    this.holding = holding;
    this.drain = drain;
    this.firstPause = firstPause;
  }

  /**
   * Uploads the files and answers one result for each, in any order. Where a shutdown begins while
   * it holds, the files that are not stored are given back.
   *
   * @throws RefusedException where the server refuses; {@link RefusedException#isLeaseGone()} tells
   *     whether the lease is lost
   */
  public List<LineResult> upload(UUID lease, long sequence, List<FinishedFile> files)
      throws RefusedException {
    List<LineResult> results = new ArrayList<>(files.size());
    Map<Long, Pending> pending = new LinkedHashMap<>();
    files.forEach(file -> pending.put(file.line(), new Pending(file)));
    Duration pause = firstPause;
    while (!pending.isEmpty()) {
      boolean away;
      try {
        away = round(lease, sequence, pending, results);
      } catch (RefusedException gone) {
        holding.over(Holding.Cause.RELAY); // who still waits says so again
        throw gone;
      }
      if (!away) {
        pause = firstPause;
      } else if (drain.pause(pause)) {
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      } else {
        pending.keySet().forEach(line -> results.add(LineResult.givenBack(line)));
        pending.clear();
      }
    }
    return results;
  }

  /** Tries every pending file once; true where server or relay are away and a pause is due. */
  private boolean round(
      UUID lease, long sequence, Map<Long, Pending> pending, List<LineResult> results)
      throws RefusedException {
    List<UploadGrant> grants;
    try {
      grants =
          server
              .uploads(
                  lease,
                  new UploadRequest(
                      sequence, pending.values().stream().map(Pending::asked).toList()))
              .grants();
      holding.over(Holding.Cause.SERVER);
    } catch (ServerUnavailableException lost) {
      holding.because(Holding.Cause.SERVER, lost.getMessage());
      return true;
    }
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    List<Pending> sent = new ArrayList<>();
    for (UploadGrant grant : grants) {
      Pending file = pending.get(grant.line());
      switch (grant.decision()) {
        case PUT -> {
          sent.add(file);
          puts.add(
              CompletableFuture.supplyAsync(() -> relay.send(grant, file.file.file()), executor));
        }
        case ALREADY_THERE -> done(file.succeeded(), pending, results);
        case REFUSED ->
            done(
                LineResult.failed(grant.line(), grant.failureClass(), grant.message(), null, null),
                pending,
                results);
      }
    }
    boolean away = false;
    for (int i = 0; i < puts.size(); i++) {
      Pending file = sent.get(i);
      PutResult put = puts.get(i).join();
      switch (put.end()) {
        case STORED -> {
          stored.incrementAndGet();
          done(file.succeeded(), pending, results);
        }
        case OCCUPIED -> file.occupied = true;
        case AWAY -> {
          away = true;
          holding.because(Holding.Cause.RELAY, put.message());
        }
        case FAULT -> {
          if (file.isAloneInFault(stored.get())) {
            done(file.failed(put), pending, results);
          } else {
            away = true;
            holding.because(Holding.Cause.RELAY, put.message());
          }
        }
        case GRANT_REFUSED, REJECTED -> {
          file.refusals++;
          if (put.end() == End.REJECTED || file.refusals >= MAX_GRANTS_REFUSED) {
            done(file.failed(put), pending, results);
          }
        }
      }
    }
    if (!away && !puts.isEmpty()) {
      holding.over(Holding.Cause.RELAY);
    }
    return away;
  }

  private static void done(
      LineResult result, Map<Long, Pending> pending, List<LineResult> results) {
    pending.remove(result.line());
    results.add(result);
  }

  private static final class Pending {
    private final FinishedFile file;
    private boolean occupied;
    private int refusals;
    private int faults;
    private long storedBefore;

    private Pending(FinishedFile file) {
      this.file = file;
    }

    private UploadRequest.File asked() {
      return new UploadRequest.File(file.line(), file.path(), file.size(), file.sha256(), occupied);
    }

    /**
     * One more fault: is it the file that the relay can't do with?
     *
     * @param stored how many other files it has taken by now
     */
    private boolean isAloneInFault(long stored) {
      if (faults++ == 0) {
        storedBefore = stored;
      }
      return faults >= MAX_FAULTS && stored > storedBefore;
    }

    private LineResult failed(PutResult put) {
      return LineResult.failed(file.line(), FailureClass.UPLOAD, put.message(), null, null);
    }

    private LineResult succeeded() {
      return LineResult.succeeded(file.line(), file.path(), file.size(), file.sha256());
    }
  }
}
