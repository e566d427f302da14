package io.aihub.task.api;

/**
 * An unfinished task that writes where another one does: into the same folder, one above it or one
 * below. Where their files meet, {@code overwrite} of the one that comes later decides: its file
 * takes the place of the other's, or its line fails.
 *
 * @param submitterName whom to ask about it
 * @param targetPath where its files go, relative to the target bucket
 * @param overwrite whether it may replace files of other tasks
 */
public record TargetSharer(
    long id,
    String name,
    String submitter,
    String submitterName,
    TaskState state,
    String targetPath,
    boolean overwrite) {}
