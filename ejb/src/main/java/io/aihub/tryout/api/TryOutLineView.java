package io.aihub.tryout.api;

import io.aihub.queue.api.FailureClass;

/**
 * A line of a try-out.
 *
 * @param millis how long the call took; null where it has not been tried yet
 * @param path of its file below the target path; null unless it went well
 * @param bytes size of the file; null unless it went well
 * @param failureClass null unless it failed
 */
public record TryOutLineView(
    long line,
    String text,
    Long millis,
    String path,
    Long bytes,
    FailureClass failureClass,
    String message,
    String output) {}
