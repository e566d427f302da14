package io.aihub.queue.control;

import java.util.UUID;

/**
 * How far the index of a task has been read, claimed by one reader.
 *
 * @param state NEW until the text is pinned, then READING
 * @param indexAddress the index as the task names it
 * @param bucket where the text is: the index, or its unpacked working copy; null while NEW
 * @param etag what the text is pinned to; null while NEW
 * @param position the byte after the last segment
 */
public record Ingest(
    long taskId,
    UUID claim,
    String state,
    String indexAddress,
    String bucket,
    String key,
    String etag,
    long size,
    long position,
    long lines,
    int segments) {

  boolean isNew() {
    return state.equals("NEW");
  }
}
