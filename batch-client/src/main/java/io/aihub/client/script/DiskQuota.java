package io.aihub.client.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How much a line has on disk. Growth is counted as it happens and deletion isn't, which is cheap
 * and never too little; only where the sum reaches a limit the directories are looked at. Nothing
 * is written beyond a limit: the write fails, and the line is stopped. Thread-safe.
 */
final class DiskQuota {

  private final ScriptLimits limits;
  private final Set<CountedFile> open = ConcurrentHashMap.newKeySet();
  private List<Path> roots = List.of();
  private Consumer<Breach> onBreach = breach -> {};
  private long bytes;
  private int files;
  private Breach breach;

  DiskQuota(ScriptLimits limits) {
    this.limits = limits;
  }

  /**
   * A line begins.
   *
   * @param onBreach told once where a limit is reached; must not wait
   */
  synchronized void begin(List<Path> roots, Consumer<Breach> onBreach) {
    this.roots = roots;
    this.onBreach = onBreach;
    bytes = 0;
    files = 0;
    breach = null;
  }

  /** Before {@code count} more bytes are written. */
  synchronized void grow(long count) throws IOException {
    bytes += count;
    if (bytes > limits.diskBytes()) {
      recount(count, 0);
      if (bytes > limits.diskBytes()) {
        refuse(Breach.disk(limits.diskBytes()));
      }
    }
  }

  /** Before a file or a folder is made. */
  synchronized void create() throws IOException {
    files++;
    if (files > limits.files()) {
      recount(0, 1);
      if (files > limits.files()) {
        refuse(Breach.files(limits.files()));
      }
    }
  }

  void opened(CountedFile file) {
    open.add(file);
  }

  void closed(CountedFile file) {
    open.remove(file);
  }

  private void refuse(Breach reached) throws IOException {
    if (breach == null && !roots.isEmpty()) {
      breach = reached;
      onBreach.accept(reached);
    }
    throw new FileSystemException(reached.message());
  }

  private void recount(long moreBytes, int moreFiles) throws IOException {
    bytes = moreBytes;
    files = moreFiles;
    Set<Object> seen = new HashSet<>();
    for (Path root : roots) {
      try (Stream<Path> tree = Files.walk(root)) {
        tree.filter(path -> !path.equals(root)).forEach(path -> count(path, seen));
      } catch (UncheckedIOException changing) {
        throw changing.getCause();
      }
    }
    for (CountedFile file : open) { // deleted, but still there while it is open
      if (file.isOpen() && seen.add(file.key())) {
        bytes += file.size();
      }
    }
  }

  private void count(Path path, Set<Object> seen) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      files++;
      if (found.isRegularFile()) {
        bytes += found.size();
        seen.add(found.fileKey());
      }
    } catch (NoSuchFileException goneMeanwhile) {
      // doesn't count any more
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
