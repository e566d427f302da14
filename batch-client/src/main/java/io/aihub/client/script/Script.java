package io.aihub.client.script;

/**
 * A version of a download script.
 *
 * @param sha256 of its UTF-8 text, 64 lower-case hexadecimal digits
 */
public record Script(String sha256, String source) {

  /** The file name that tracebacks and messages show. */
  String fileName() {
    return "download_" + sha256.substring(0, 12) + ".py";
  }
}
