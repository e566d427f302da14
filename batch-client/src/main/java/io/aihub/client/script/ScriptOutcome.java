package io.aihub.client.script;

import io.aihub.queue.api.FailureClass;
import java.nio.file.Path;

/** How one call of {@code download} ended. */
public sealed interface ScriptOutcome {

  /**
   * It produced a file.
   *
   * @param file real path of a regular file below the output directory
   * @param path its path below the output directory, with forward slashes
   * @param output the end of what the script printed, or null where it printed nothing
   */
  record Produced(Path file, String path, String output) implements ScriptOutcome {}

  /**
   * It failed.
   *
   * @param message what went wrong, in a sentence of at most 4,000 characters
   * @param output the end of what the script printed, or null where it printed nothing
   * @param retryAfterSeconds how long the origin asked to be left alone, or null
   */
  record Failed(FailureClass failureClass, String message, String output, Integer retryAfterSeconds)
      implements ScriptOutcome {}

  /**
   * The disk was full; nothing can be said about the line.
   *
   * @param saidByScript which may have made it up
   */
  record NoRoom(String message, boolean saidByScript) implements ScriptOutcome {}

  /** {@link ScriptContext#interrupt()} ended it: nothing can be said about the line. */
  record Interrupted() implements ScriptOutcome {}
}
