package io.aihub.queue.control;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The rules for a path that a client wants to upload to, below the target path of its task. */
public final class TargetPath {

  /** The folder below the target path that the server keeps for itself. */
  public static final String MANIFEST_FOLDER = "_manifest";

  private static final int MAX_KEY_BYTES = 1024; // Amazon S3, "Creating object key names"

  private TargetPath() {}

  /**
   * The key of an object in the target bucket.
   *
   * @param target without a slash at either end; empty means the bucket itself
   */
  public static String key(String target, String path) {
    return target.isEmpty() ? path : target + "/" + path;
  }

  /** What is wrong with a path, as a sentence for people; empty where nothing is. */
  public static Optional<String> problem(String target, String path) {
    if (path.isEmpty()) {
      return Optional.of("The path is empty.");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(path)) {
      return Optional.of("The path is not valid Unicode.");
    }
    if (path.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
      return Optional.of("The path has a control character or a backslash.");
    }
    List<String> parts = List.of(path.split("/", -1));
    if (parts.contains("") || parts.contains(".") || parts.contains("..")) {
      return Optional.of("The path has an empty part, \".\" or \"..\".");
    }
    if (parts.get(0).equals(MANIFEST_FOLDER)
        || (target.isEmpty() && parts.get(0).equals("_aihub"))) {
      return Optional.of("The folder " + parts.get(0) + " is the server's own.");
    }
    if (key(target, path).getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      return Optional.of("The key is longer than " + MAX_KEY_BYTES + " bytes.");
    }
    return Optional.empty();
  }
}
