package io.aihub.client.script;

import io.aihub.queue.api.FailureClass;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The rule of the seed, "download script": what {@code download} returns must lie below {@code
 * output_local_dir}.
 */
final class ReturnedPath {

  /** An S3 key has 1,024 bytes at most; the task's target path comes on top. */
  private static final int MAX_CHARACTERS = 1024;

  private ReturnedPath() {}

  /**
   * Checks a returned path.
   *
   * @param folder the output directory of the call
   * @param returned absolute, or relative to that directory
   */
  static ScriptOutcome check(Path folder, String returned, String output) {
    try {
      Path root = folder.toRealPath();
      Path named = folder.resolve(returned);
      if (Files.isSymbolicLink(named)) {
        return wrong(returned, "is a symbolic link", output);
      }
      Path file = named.toRealPath();
      if (!file.startsWith(root) || file.equals(root)) {
        return wrong(returned, "is not below the output directory " + folder, output);
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return wrong(returned, "is not a regular file", output);
      }
      String path = root.relativize(file).toString().replace('\\', '/');
      if (path.length() > MAX_CHARACTERS) {
        return wrong(returned, "is longer than " + MAX_CHARACTERS + " characters", output);
      }
      return new ScriptOutcome.Produced(file, path, output);
    } catch (NoSuchFileException missing) {
      return wrong(returned, "does not exist", output);
    } catch (InvalidPathException noPath) {
      return wrong(returned, "can't be read: " + noPath.getReason(), output);
    } catch (FileSystemException unreadable) {
      return wrong(returned, "can't be read: " + unreadable.getReason(), output);
    } catch (IOException unreadable) {
      return wrong(returned, "can't be read: " + unreadable.getMessage(), output);
    }
  }

  /** Whether it names no file at all, as of a script that had none to write. */
  static boolean isOfNothing(Path folder, String returned) {
    try {
      return returned.isEmpty() || Files.notExists(folder.resolve(returned));
    } catch (InvalidPathException noPath) {
      return false;
    }
  }

  private static ScriptOutcome wrong(String returned, String what, String output) {
    String shown = returned.length() > 1500 ? returned.substring(0, 1500) + "…" : returned;
    return new ScriptOutcome.Failed(
        FailureClass.OUTPUT,
        PlainText.message("download returned '" + shown + "', which " + what),
        output,
        null);
  }
}
