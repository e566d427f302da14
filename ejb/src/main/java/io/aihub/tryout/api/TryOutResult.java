package io.aihub.tryout.api;

import io.aihub.queue.api.FailureClass;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * What became of one line of a try-out.
 *
 * @param path of the file below its output directory; null where it failed
 * @param bytes size of the file; 0 where it failed
 * @param millis how long the call took
 * @param failureClass null where it went well
 * @param message what went wrong, or null
 * @param output the end of what the script printed, or null
 */
public record TryOutResult(
    @Positive long line,
    @Size(max = 1024) String path,
    @PositiveOrZero long bytes,
    @PositiveOrZero long millis,
    FailureClass failureClass,
    @Size(max = 4000) String message,
    @Size(max = 65536) String output) {}
