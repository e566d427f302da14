package io.aihub.client.script;

import java.nio.file.Path;

/**
 * A version of a download script.
 *
 * @param sha256 what the version is known by, 64 lower-case hexadecimal digits
 * @param packages folder with what it requires beside the client's own packages, or null
 */
public record Script(String sha256, String source, Path packages) {

  /** One that requires nothing. */
  public Script(String sha256, String source) {
    this(sha256, source, null);
  }

  /** The file name that tracebacks and messages show. */
  String fileName() {
    return "download_" + sha256.substring(0, 12) + ".py";
  }
}
