package io.aihub.task.control;

import io.aihub.shared.InputCheck;
import io.aihub.task.api.TaskView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where a task's files go, relative to the target bucket (数据存储地址). */
public final class TargetPath {

  private static final int MAX_BYTES = 512;

  private TargetPath() {}

  /**
   * Checks and normalises a path.
   *
   * @return the path without slashes at its ends, or null where it was rejected
   */
  public static String check(InputCheck check, String field, String value) {
    String path = value == null ? "" : value.strip().replaceAll("^/+|/+$", "");
    if (path.isEmpty()) {
      check.reject(field, "input.required", field);
    } else if (path.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      check.reject(field, "task.targetPath.long", MAX_BYTES);
    } else if (!path.codePoints().allMatch(InputCheck::isOneLine) || path.indexOf('\\') >= 0) {
      check.reject(field, "task.targetPath.character");
    } else {
      String[] segments = path.split("/", -1);
      for (String segment : segments) {
        if (Set.of("", ".", "..").contains(segment)) {
          check.reject(field, "task.targetPath.segment", path);
          return null;
        }
        if (segment.equals(TaskView.MANIFEST_FOLDER)) {
          check.reject(field, "task.targetPath.reserved", TaskView.MANIFEST_FOLDER);
          return null;
        }
      }
      if (segments[0].equals(TaskView.OWN_FOLDER)) {
        check.reject(field, "task.targetPath.reserved", TaskView.OWN_FOLDER);
        return null;
      }
      return path;
    }
    return null;
  }

  /** A path and the folders that it lies in, from the top. */
  static List<String> downTo(String path) {
    List<String> folders = new ArrayList<>();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      folders.add(path.substring(0, slash));
    }
    folders.add(path);
    return folders;
  }

  /** The least text that begins every path below this folder, in the order of their bytes. */
  static String beginBelow(String path) {
    return path + "/";
  }

  /** The least text that comes after every path below this folder, in the order of their bytes. */
  static String endBelow(String path) {
    return path + (char) ('/' + 1);
  }
}
