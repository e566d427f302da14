package io.aihub.queue.control;

import io.aihub.storage.control.StoredObject;
import java.util.Map;
import java.util.Optional;

/** What an uploaded object carries as metadata: the line it came from, and its SHA-256. */
public final class ObjectIdentity {

  private static final String LINE = "aihub-line";
  private static final String SHA256 = "aihub-sha256";

  private ObjectIdentity() {}

  public static Map<String, String> metadata(long taskId, long line, String sha256) {
    return Map.of(LINE, taskId + "/" + line, SHA256, sha256);
  }

  /** Whether an object came from this very line, by an earlier attempt. */
  public static boolean isOfLine(StoredObject object, long taskId, long line) {
    return (taskId + "/" + line).equals(object.metadata().get(LINE));
  }

  public static boolean isOfTask(StoredObject object, long taskId) {
    return Optional.ofNullable(object.metadata().get(LINE))
        .filter(line -> line.startsWith(taskId + "/"))
        .isPresent();
  }

  /**
   * Whether an object holds these bytes. Where storage keeps no checksum of its own, the one that
   * was signed into the upload has to do.
   */
  public static boolean hasContent(StoredObject object, long size, String sha256) {
    String known = object.sha256() == null ? object.metadata().get(SHA256) : object.sha256();
    return object.size() == size && sha256.equals(known);
  }
}
