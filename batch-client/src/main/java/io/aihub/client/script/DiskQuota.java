package io.aihub.client.script;

import java.io.Closeable;
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
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * How much a line has on disk, and what it has open there. Growth is counted as it happens and
 * deletion isn't, which is cheap and never too little; only where the sum reaches a limit the
 * directories are looked at. Nothing is written or opened beyond a limit: the attempt fails, and
 * the line is stopped. Thread-safe.
 */
final class DiskQuota {

  private static final Logger LOG = Logger.getLogger(DiskQuota.class.getName());

  private final ScriptLimits limits;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final Set<Closeable> kept = ConcurrentHashMap.newKeySet();
  private List<Path> roots = List.of();
  private Consumer<Breach> onBreach = breach -> {};
  private long bytes;
  private int files;
  private volatile int recounts;
  private Breach breach;

  DiskQuota(ScriptLimits limits) {
    this.limits = limits;
  }

  /**
   * A line begins.
   *
   * @param onBreach told once where a limit is reached; must not wait
   */
  synchronized void begin(List<Path> roots, Consumer<Breach> onBreach) throws IOException {
    this.roots = roots;
    this.onBreach = onBreach;
    bytes = 0;
    files = 0;
    breach = null;
    recounts++;
    countOpen(kept, new HashSet<>()); // else what the script keeps open could grow at each line
  }

  /** How often it was begun to count anew, from what was there then. */
  int recounts() {
    return recounts;
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

  /** A file, or a folder that is listed, is open from now on. */
  synchronized void opened(Closeable opened) throws IOException {
    if (open.size() >= limits.open()) {
      refuse(Breach.open(limits.open()));
    }
    open.add(opened);
  }

  void closed(Closeable closed) {
    open.remove(closed);
    kept.remove(closed);
  }

  /** What is open now isn't a line's but its script's, a log file for one. */
  void keepOpen() {
    kept.addAll(open);
  }

  /** How many files and listed folders are open, those of the libraries too. */
  int open() {
    return open.size();
  }

  /** A line is over: closes what it has left open, so that nobody can write to it any more. */
  void end() {
    for (Closeable left : open) {
      if (!kept.contains(left) && !(left instanceof CountedFile file && file.isOfLibrary())) {
        close(left);
      }
    }
  }

  /** No Python is left that could use what is open: closes it. */
  void closeAll() {
    open.forEach(DiskQuota::close);
  }

  private static void close(Closeable left) {
    try {
      left.close();
    } catch (IOException unclean) {
      LOG.log(Level.FINE, "A file of a script did not close cleanly", unclean);
    }
  }

  private void refuse(Breach reached) throws IOException {
    if (breach == null && !roots.isEmpty()) {
      breach = reached;
      onBreach.accept(reached);
    }
    throw new FileSystemException(reached.message());
  }

  private synchronized void recount(long moreBytes, int moreFiles) throws IOException {
    recounts++;
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
    countOpen(open, seen); // deleted, but still there while it is open
  }

  private void countOpen(Set<Closeable> all, Set<Object> seen) throws IOException {
    for (Closeable left : all) {
      if (left instanceof CountedFile file
          && !file.isOfLibrary()
          && file.isOpen()
          && seen.add(file.key())) {
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
