package io.aihub.client.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A client's folder while its process has it: a second one there would delete its files. */
public final class WorkFolder implements AutoCloseable {

  private final FileChannel lock;

  private WorkFolder(FileChannel lock) {
    this.lock = lock;
  }

  /**
   * Takes a folder until it is closed or the process ends, and deletes what a killed process has
   * left below {@code work} in it.
   *
   * @param folder made if it is missing
   * @throws IllegalStateException where another process has it
   */
  public static WorkFolder take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock.tryLock() == null) {
        throw new IllegalStateException(
            "another client works in " + folder + ": set aihub.client.work-dir to another folder");
      }
      Trees.delete(folder.resolve("work"));
      return new WorkFolder(lock);
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "the work folder " + folder + " can't be used: set aihub.client.work-dir", failure);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
