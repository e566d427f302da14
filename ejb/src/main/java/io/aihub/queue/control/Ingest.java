package io.aihub.queue.control;

import java.util.UUID;

/**
 * How far the index of a task has been read, claimed by one reader.
 *
 * @param state NEW until the text is pinned, then READING; COPYING where all is read, but the
 *     working copy has to be made once more
 * @param indexAddress the index as the task names it
 * @param bucket where the text is: the index, or its unpacked working copy; null while NEW
 * @param etag what the text is pinned to; null while NEW
 * @param position the byte after the last segment
 * @param sourceEtag what the working copy was made from; null where there is none
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
    int segments,
    String sourceEtag) {

  boolean isNew() {
    return state.equals("NEW");
  }

  boolean lacksCopy() {
    return state.equals("COPYING");
  }
}
