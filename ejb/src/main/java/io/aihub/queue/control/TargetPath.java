package io.aihub.queue.control;

import io.aihub.task.api.TaskView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rules for a path that a client wants to upload to, below the target path of its task. */
public final class TargetPath {

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
    if (!isUnicode(path)) {
      return Optional.of("The path is not valid Unicode.");
    }
    if (hasForbiddenCharacter(path)) {
      return Optional.of("The path has a control character or a backslash.");
    }
    if (hasForbiddenPart(path)) {
      return Optional.of("The path has an empty part, \".\" or \"..\".");
    }
    if (hasPart(path, TaskView.MANIFEST_FOLDER)) { // at any depth: other tasks have theirs below
      return Optional.of(serversOwn(TaskView.MANIFEST_FOLDER));
    }
    if (target.isEmpty() && isBelow(TaskView.OWN_FOLDER, path)) {
      return Optional.of(serversOwn(TaskView.OWN_FOLDER));
    }
    if (isTooLong(target, path)) {
      return Optional.of("The key is longer than " + MAX_KEY_BYTES + " bytes.");
    }
    return Optional.empty();
  }

  // What follows runs for each line that is ever downloaded: plain loops over characters.

  private static boolean isUnicode(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Character.isSurrogate(c)) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(path);
      }
    }
    return true;
  }

  private static boolean hasForbiddenCharacter(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Character.isISOControl(c) || c == '\\') {
        return true;
      }
    }
    return false;
  }

  private static boolean hasForbiddenPart(String path) {
    int begin = 0;
    while (begin <= path.length()) {
      int slash = path.indexOf('/', begin);
      int end = slash < 0 ? path.length() : slash;
      int length = end - begin;
      if (length == 0
          || (length == 1 && path.charAt(begin) == '.')
          || (length == 2 && path.startsWith("..", begin))) {
        return true;
      }
      begin = end + 1;
    }
    return false;
  }

  private static boolean hasPart(String path, String name) {
    for (int at = path.indexOf(name); at >= 0; at = path.indexOf(name, at + 1)) {
      if ((at == 0 || path.charAt(at - 1) == '/') && isBelow(name, path.substring(at))) {
        return true;
      }
    }
    return false;
  }

  private static String serversOwn(String folder) {
    return "The folder " + folder + " is the server's own.";
  }

  private static boolean isBelow(String folder, String path) {
    return path.startsWith(folder)
        && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
  }

  private static boolean isTooLong(String target, String path) {
    int characters = target.length() + 1 + path.length();
    return characters * 3 > MAX_KEY_BYTES // no character of UTF-16 takes more than three bytes
        && key(target, path).getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES;
  }
}
