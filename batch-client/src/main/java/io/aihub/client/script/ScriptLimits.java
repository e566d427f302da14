package io.aihub.client.script;

import java.time.Duration;

/**
 * What one call of {@code download} may use. Who goes beyond is stopped, and its line has failed.
 *
 * @param cpu CPU time of all its threads together
 * @param diskBytes in its output directory and where {@code tempfile} puts things
 * @param files files and folders there
 * @param open files, pipes and sockets that it has open at a time
 * @param threads alive at a time, the one that {@code download} is called on not counted
 * @param linesPerContext after so many lines GraalPy is started anew
 */
public record ScriptLimits(
    Duration cpu, long diskBytes, int files, int open, int threads, int linesPerContext) {

  /** What holds where nobody has set anything; the reference of configuration keys names these. */
  public static final ScriptLimits DEFAULT =
      new ScriptLimits(Duration.ofMinutes(5), 20L << 30, 10_000, 512, 64, 100_000);
}
