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

/**
 * Brings the files of one lease into storage: asks the server for grants, sends the files to the
 * relay in parallel, and goes on until each file is stored or refused. A relay or server that is
 * away makes it hold and try again; it never gives a file up for that. Thread-safe.
 */
public class Uploader {

  /**
   * A grant that the relay refuses is asked for anew this often; then the line's attempt has
   * failed.
   */
  private static final int MAX_GRANTS_REFUSED = 3;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final ServerClient server;
  private final RelayClient relay;
  private final Executor executor;
  private final Holding holding;
  private final DrainSignal drain;

  public Uploader(
      ServerClient server,
      RelayClient relay,
      Executor executor,
      Holding holding,
      DrainSignal drain) {
    this.server = server;
    this.relay = relay;
    this.executor = executor;
    this.holding = holding;
    this.drain = drain;
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
    Duration pause = FIRST_PAUSE;
    while (!pending.isEmpty()) {
      boolean away = round(lease, sequence, pending, results);
      if (!away) {
        pause = FIRST_PAUSE;
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
        case STORED -> done(file.succeeded(), pending, results);
        case OCCUPIED -> file.occupied = true;
        case AWAY -> {
          away = true;
          holding.because(Holding.Cause.RELAY, put.message());
        }
        case GRANT_REFUSED, REJECTED -> {
          file.refusals++;
          if (put.end() == End.REJECTED || file.refusals >= MAX_GRANTS_REFUSED) {
            done(
                LineResult.failed(file.file.line(), FailureClass.UPLOAD, put.message(), null, null),
                pending,
                results);
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

    private Pending(FinishedFile file) {
      this.file = file;
    }

    private UploadRequest.File asked() {
      return new UploadRequest.File(file.line(), file.path(), file.size(), file.sha256(), occupied);
    }

    private LineResult succeeded() {
      return LineResult.succeeded(file.line(), file.path(), file.size(), file.sha256());
    }
  }
}
