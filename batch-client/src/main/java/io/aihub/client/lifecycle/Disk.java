package io.aihub.client.lifecycle;

import io.aihub.client.lifecycle.Holding.Cause;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** The room that is left for files in work. Thread-safe. */
public final class Disk {

  private final Path folder;
  private final long minFreeBytes;
  private final Holding holding;
  private volatile FileStore store; // to find it means to read the table of mounts: once

  /**
   * Watches the disk of a folder.
   *
   * @param minFreeBytes with less than this left, no more lines are begun
   */
  public Disk(Path folder, long minFreeBytes, Holding holding) {
    this.folder = folder;
    this.minFreeBytes = minFreeBytes;
    this.holding = holding;
  }

  /** Whether there is too little room; the client then holds for it, until it asks again. */
  public boolean isLow() {
    try {
      long free = usableBytes();
      if (free >= minFreeBytes) {
        holding.over(Cause.DISK);
        return false;
      }
      holding.because(
          Cause.DISK, "only %d MiB are free in the work folder %s".formatted(free >> 20, folder));
    } catch (IOException unreadable) {
      failed(unreadable);
    }
    return true;
  }

  /** A file could not be written or read. */
  public void failed(IOException failure) {
    holding.because(Cause.DISK, "the work folder " + folder + " can't be used: " + failure);
  }

  /** Bytes left, or 0 where that can't be told. */
  public long freeBytes() {
    try {
      return usableBytes();
    } catch (IOException unreadable) {
      return 0;
    }
  }

  private long usableBytes() throws IOException {
    if (store == null) {
      store = Files.getFileStore(folder);
    }
    return store.getUsableSpace();
  }
}
