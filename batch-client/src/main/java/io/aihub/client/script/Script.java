package io.aihub.client.script;

import java.nio.file.Path;

/**
 * A version of a download script.
 *
 * @param sha256 what the version is known by, 64 lower-case hexadecimal digits
 * @param packages folder with what it requires beside the client's own packages, or null
 * @param options how its task wants it run
 */
public record Script(String sha256, String source, Path packages, RunOptions options) {

  /** One that is run in the usual way. */
  public Script(String sha256, String source, Path packages) {
    this(sha256, source, packages, RunOptions.USUAL);
  }

  /** One that requires nothing either. */
  public Script(String sha256, String source) {
    this(sha256, source, null);
  }

  /** The same, to be run as a task wants it. */
  public Script under(RunOptions wanted) {
    return new Script(sha256, source, packages, wanted);
  }

  /** The file name that tracebacks and messages show. */
  String fileName() {
    return "download_" + sha256.substring(0, 12) + ".py";
  }
}
