package io.aihub.client.batch;

import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.RunOptions;
import io.aihub.client.script.Script;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptOutcome;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.NoRoom;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.script.ScriptRuntime;
import io.aihub.client.script.ScriptStore;
import io.aihub.client.script.UnreadableOptionsException;
import io.aihub.client.script.packages.MissingPackagesException;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerClient;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.queue.api.FailureClass;
import io.aihub.tryout.api.SampleLine;
import io.aihub.tryout.api.TryOutOffer;
import io.aihub.tryout.api.TryOutResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Does the try-outs that the server hands to this machine, one at a time and beside the workers: on
 * a thread and in a script context of its own, so that no download waits for them. Nothing is
 * uploaded.
 */
final class TryOutRunner implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TryOutRunner.class.getName());

  private final ServerClient server;
  private final ScriptRuntime runtime;
  private final ScriptStore scripts;
  private final Path folder;
  private final ThreadFactory threads;
  private final DrainSignal drain;
  private final ErrandReports reports;
  private volatile Long current;
  private volatile ScriptContext running;

  /**
   * Prepares for try-outs.
   *
   * @param folder for their files; deleted after each
   */
  TryOutRunner(
      ServerClient server,
      ScriptRuntime runtime,
      ScriptStore scripts,
      Path folder,
      ThreadFactory threads,
      DrainSignal drain,
      ErrandReports reports) {
    this.server = server;
    this.runtime = runtime;
    this.scripts = scripts;
    this.folder = folder;
    this.threads = threads;
    this.drain = drain;
    this.reports = reports;
  }

  /** The try-out that is being done, or null. */
  Long current() {
    return current;
  }

  /** Starts a try-out; the server offers none while there is one. */
  void begin(TryOutOffer offer) {
    current = offer.id();
    threads.newThread(() -> run(offer)).start();
  }

  private void run(TryOutOffer offer) {
    try {
      Files.createDirectories(folder);
      RunOptions options = RunOptions.of(offer.options());
      Script script = scripts.get(offer.scriptSha256()).under(options);
      try (ScriptContext context = runtime.newContext(folder)) {
        running = context;
        for (SampleLine line : offer.lines()) {
          TryOutResult result = drain.isDraining() ? null : attempt(context, script, line, offer);
          if (result == null || !report(offer, result)) {
            return;
          }
        }
      }
    } catch (MissingPackagesException | UnreadableOptionsException notHere) {
      for (SampleLine line : offer.lines()) {
        if (!report(offer, failed(line, 0, FailureClass.SCRIPT, notHere.getMessage(), null))) {
          return;
        }
      }
    } catch (ServerUnavailableException | RefusedException | IOException | RuntimeException lost) {
      LOG.log(Level.WARNING, "Try-out " + offer.id() + " is given up", lost);
    } finally {
      running = null;
      Trees.delete(folder);
      current = null;
    }
  }

  /** Null where the process ends. */
  private TryOutResult attempt(
      ScriptContext context, Script script, SampleLine line, TryOutOffer offer) throws IOException {
    Path output = Files.createDirectories(folder.resolve(Long.toString(line.line())));
    long start = System.nanoTime();
    ScriptOutcome outcome =
        context.download(
            script, line.text(), output, Duration.ofSeconds(offer.lineTimeLimitSeconds()));
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    TryOutResult result = null;
    if (outcome instanceof Produced produced) {
      long size = Files.size(produced.file());
      result =
          new TryOutResult(
              line.line(), produced.path(), size, millis, null, null, produced.output());
    } else if (outcome instanceof Failed failed) {
      result = failed(line, millis, failed.failureClass(), failed.message(), failed.output());
    } else if (outcome instanceof NoRoom noRoom) {
      result = failed(line, millis, FailureClass.SCRIPT, noRoom.message(), null);
    }
    Trees.delete(output);
    return result;
  }

  private static TryOutResult failed(
      SampleLine line, long millis, FailureClass as, String message, String output) {
    return new TryOutResult(line.line(), null, 0, millis, as, message, output);
  }

  private boolean report(TryOutOffer offer, TryOutResult result) {
    return reports.send("Try-out " + offer.id(), () -> server.reportTryOut(offer.id(), result));
  }

  /** Ends the call that runs, if one does; what is left of its try-out expires. */
  @Override
  public void close() {
    ScriptContext context = running;
    if (context != null) {
      context.interrupt();
    }
  }
}
