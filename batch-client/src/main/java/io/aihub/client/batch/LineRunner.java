package io.aihub.client.batch;

import io.aihub.client.lifecycle.Disk;
import io.aihub.client.lifecycle.DrainSignal;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.lifecycle.Holding.Cause;
import io.aihub.client.lifecycle.Trees;
import io.aihub.client.relay.FinishedFile;
import io.aihub.client.script.RunOptions;
import io.aihub.client.script.Script;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptOutcome;
import io.aihub.client.script.ScriptOutcome.Failed;
import io.aihub.client.script.ScriptOutcome.Interrupted;
import io.aihub.client.script.ScriptOutcome.NoRoom;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.script.ScriptStore;
import io.aihub.client.script.UnreadableOptionsException;
import io.aihub.client.script.packages.MissingPackagesException;
import io.aihub.client.server.RefusedException;
import io.aihub.client.server.ServerUnavailableException;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.LineResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** Runs one worker's lines through their script and looks at the files that come out. */
final class LineRunner implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** A disk that has room once the line's files are gone was full of these, or never was. */
  private static final int MAX_NO_ROOM_OF_ITS_OWN = 2;

  private final ScriptContext context;
  private final ScriptStore scripts;
  private final Disk disk;
  private final Holding holding;
  private final DrainSignal drain;

  LineRunner(
      ScriptContext context, ScriptStore scripts, Disk disk, Holding holding, DrainSignal drain) {
    this.context = context;
    this.scripts = scripts;
    this.disk = disk;
    this.holding = holding;
    this.drain = drain;
  }

  /** Starts GraalPy ahead of the first line. */
  void prepare() {
    context.prepare();
  }

  /**
   * Tries a line. Where server or disk fail it waits; where the process is to stop meanwhile, the
   * line is given back.
   *
   * @param folder for the line's files; emptied first
   */
  LineWork run(LeaseGrant grant, LeasedLine line, Path folder) {
    int noRoomOfItsOwn = 0;
    do {
      try {
        RunOptions options = RunOptions.of(grant.options());
        holding.over(Cause.OPTIONS);
        Script script = scripts.get(grant.scriptSha256()).under(options);
        holding.over(Cause.PACKAGES);
        Trees.delete(folder);
        Files.createDirectories(folder);
        Duration limit = Duration.ofSeconds(grant.lineTimeLimitSeconds());
        ScriptOutcome outcome = context.download(script, line.text(), folder, limit);
        if (outcome instanceof Produced produced) {
          return LineWork.file(finished(line, produced));
        }
        if (outcome instanceof Failed failed) {
          return LineWork.result(
              LineResult.failed(
                  line.line(),
                  failed.failureClass(),
                  failed.message(),
                  failed.output(),
                  failed.retryAfterSeconds()));
        }
        if (outcome instanceof Interrupted) {
          return LineWork.result(LineResult.givenBack(line.line()));
        }
        if (outcome instanceof NoRoom noRoom) {
          Trees.delete(folder);
          if (noRoom.saidByScript()
              && !disk.isLow()
              && ++noRoomOfItsOwn == MAX_NO_ROOM_OF_ITS_OWN) {
            return failed(line, noRoom.message());
          }
          disk.failed(new IOException(noRoom.message()));
        }
      } catch (ServerUnavailableException away) {
        holding.because(Cause.SERVER, away.getMessage());
      } catch (MissingPackagesException missing) {
        return notHere(line, Cause.PACKAGES, missing);
      } catch (UnreadableOptionsException unknown) {
        return notHere(line, Cause.OPTIONS, unknown);
      } catch (RefusedException refused) {
        return failed(line, "the script can't be fetched: " + refused.getMessage());
      } catch (IOException | UncheckedIOException unusable) {
        disk.failed(new IOException(unusable));
      }
    } while (drain.pause(PAUSE));
    return LineWork.result(LineResult.givenBack(line.line()));
  }

  private static LineWork failed(LeasedLine line, String message) {
    return LineWork.result(
        LineResult.failed(line.line(), FailureClass.SCRIPT, message, null, null));
  }

  /** Other machines may be able to run it: this one gives its lines back, slowly. */
  private LineWork notHere(LeasedLine line, Cause cause, Exception why) {
    holding.because(cause, why.getMessage());
    drain.pause(PAUSE);
    return LineWork.result(LineResult.givenBack(line.line()));
  }

  /** Ends the call that runs, if one does; its line is given back. */
  void interrupt() {
    context.interrupt();
  }

  @Override
  public void close() {
    context.close();
  }

  private static FinishedFile finished(LeasedLine line, Produced produced) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(
            Files.newInputStream(produced.file()), MessageDigest.getInstance("SHA-256"))) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      String sha256 = HexFormat.of().formatHex(in.getMessageDigest().digest());
      return new FinishedFile(line.line(), produced.file(), produced.path(), size, sha256);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
