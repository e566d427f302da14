package io.aihub.benchmark;

import io.aihub.testbed.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder for files that come and go by the hundred a second, on a RAM disk where there is one
 * with room: what a disk's file system makes of such files differs so much that it would hide
 * everything else.
 */
final class ScratchFolder implements AutoCloseable {

  private static final Path RAM_DISK = Path.of("/dev/shm");
  private static final long ROOM = 2_000_000_000; // the most that a benchmark has there at a time

  private final Path folder;

  /**
   * Chooses the folder and empties it.
   *
   * @param home the benchmark's own folder: what is on the RAM disk is named for it, what can't be
   *     there is in it
   */
  ScratchFolder(Path home) throws IOException {
    folder =
        hasRamDisk()
            ? RAM_DISK.resolve("aihub-benchmark-" + Integer.toHexString(home.toString().hashCode()))
            : home.resolve("files");
    Folders.delete(folder); // of a run that was killed
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  private static boolean hasRamDisk() throws IOException {
    return Files.isWritable(RAM_DISK)
        && Files.getFileStore(RAM_DISK).getUsableSpace() >= ROOM
        && Files.getFileStore(RAM_DISK).type().equals("tmpfs");
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  /** What it is on, for people. */
  @Override
  public String toString() {
    return folder.startsWith(RAM_DISK)
        ? "a RAM disk (" + folder + ")"
        : "disk (" + folder + "), as there is no RAM disk with room: it may be what limits them";
  }

  @Override
  public void close() {
    try {
      Folders.delete(folder);
    } catch (IOException busy) { // the next run does it
      System.err.println(folder + " is left behind: " + busy);
    }
  }
}
