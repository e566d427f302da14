package io.aihub.queue.api;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * What became of one line.
 *
 * @param line its number in the index file
 * @param outcome success, failure or given back
 * @param path where it succeeded: the path below {@code output_local_dir}, which is the key below
 *     the task's target path
 * @param size where it succeeded: bytes
 * @param sha256 where it succeeded: 64 lower-case hexadecimal digits
 * @param failureClass where it failed
 * @param message where it failed: what went wrong, in a sentence
 * @param output where it failed: the end of what the script printed, or null
 * @param retryAfterSeconds where it failed: how long the origin asked to be left alone, or null
 */
public record LineResult(
    long line,
    @NotNull Outcome outcome,
    @Size(max = UploadRequest.File.MAX_PATH) String path,
    @PositiveOrZero Long size,
    @Pattern(regexp = "[0-9a-f]{64}") String sha256,
    FailureClass failureClass,
    @Size(max = 4000) String message,
    @Size(max = 65536) String output,
    @PositiveOrZero @Max(86400) Integer retryAfterSeconds) {

  public static LineResult succeeded(long line, String path, long size, String sha256) {
    return new LineResult(line, Outcome.SUCCEEDED, path, size, sha256, null, null, null, null);
  }

  public static LineResult failed(
      long line,
      FailureClass failureClass,
      String message,
      String output,
      Integer retryAfterSeconds) {
    return new LineResult(
        line, Outcome.FAILED, null, null, null, failureClass, message, output, retryAfterSeconds);
  }

  public static LineResult givenBack(long line) {
    return new LineResult(line, Outcome.GIVEN_BACK, null, null, null, null, null, null, null);
  }
}
