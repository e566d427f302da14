package io.aihub.queue.control;

import io.aihub.task.api.TaskView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rules for a path that a client wants to upload to, below the target path of its task. */
public final class TargetPath {

  private static final int MAX_KEY_BYTES = 1024; // Amazon S3, "Creating object key names"
  private static final int MAX_BYTES_OF_CHARACTER = 3; // of UTF-16 in UTF-8

  /** What Linux's file systems take, which the intranet storage may stand on. */
  private static final int MAX_FOLDER_BYTES = 255;

  /**
   * S3Proxy on a file system writes a file below its name, a hyphen and a UUID first. Where that is
   * too long it answers 500, as if storage were down, and a client would try again without end.
   */
  private static final int MAX_NAME_BYTES = MAX_FOLDER_BYTES - 37;

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
    return longName(path);
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

  private static Optional<String> longName(String path) {
    int begin = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', begin)) {
      if (isLonger(path, begin, slash, MAX_FOLDER_BYTES)) {
        return Optional.of("A folder's name is longer than " + MAX_FOLDER_BYTES + " bytes.");
      }
      begin = slash + 1;
    }
    return isLonger(path, begin, path.length(), MAX_NAME_BYTES)
        ? Optional.of("The file's name is longer than " + MAX_NAME_BYTES + " bytes.")
        : Optional.empty();
  }

  private static boolean isLonger(String path, int begin, int end, int most) {
    return (end - begin) * MAX_BYTES_OF_CHARACTER > most
        && path.substring(begin, end).getBytes(StandardCharsets.UTF_8).length > most;
  }

  private static boolean isTooLong(String target, String path) {
    int characters = target.length() + 1 + path.length();
    return characters * MAX_BYTES_OF_CHARACTER > MAX_KEY_BYTES
        && key(target, path).getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES;
  }
}
