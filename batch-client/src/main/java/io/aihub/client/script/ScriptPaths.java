package io.aihub.client.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.graalvm.polyglot.io.FileSystem;

/**
 * Which paths a script may look at, read and write. Links are resolved before a path is judged. The
 * byte-code cache, which all contexts share, may be written only until {@link #seal()}, before a
 * script runs; from then on what is there of its own libraries may be read.
 */
final class ScriptPaths {

  private static final int MAX_PATH = 3000;

  private final FileSystem disk;
  private final Path temporary;
  private final Path byteCode;
  private final List<Path> readable;
  private volatile Path folder;
  private volatile List<Path> required = List.of();
  private volatile boolean sealed;

  /**
   * Of output directories none yet, see {@link #enter}.
   *
   * @param disk knows the working directory
   * @param temporary an existing directory
   * @param byteCode the byte-code cache
   * @param libraries directories with what scripts may import
   */
  ScriptPaths(FileSystem disk, Path temporary, Path byteCode, List<Path> libraries)
      throws IOException {
    this.disk = disk;
    this.temporary = temporary.toRealPath();
    this.byteCode = byteCode.toRealPath();
    this.readable = new ArrayList<>(List.of(this.temporary));
    for (Path library : libraries) {
      readable.addAll(withByteCode(library.toRealPath()));
    }
  }

  /** GraalPy looks for byte code below the cache by the whole path of its source. */
  private List<Path> withByteCode(Path library) {
    return List.of(library, byteCode.resolve(library.getRoot().relativize(library)));
  }

  /**
   * From now on this is the output directory; the one before is closed to the script.
   *
   * @param packages what the script may read beside the libraries, or null
   */
  void enter(Path outputFolder, Path packages) throws IOException {
    folder = outputFolder.toRealPath();
    required = packages == null ? List.of() : withByteCode(packages);
  }

  void seal() {
    sealed = true;
  }

  boolean isSealed() {
    return sealed;
  }

  /** Real paths of what the script may write to: its output directory and the temporary one. */
  List<Path> own() {
    return List.of(folder, temporary);
  }

  Path temporary() {
    return temporary;
  }

  /** As to read; and the folders above its own are there, as {@code os.makedirs} wants to know. */
  Path toLookAt(Path path, boolean follow) throws IOException {
    Path real = real(disk.toAbsolutePath(path), follow);
    Path line = folder;
    return temporary.startsWith(real)
            || (line != null && line.startsWith(real))
            || isNullDevice(real)
        ? real
        : toRead(path, real);
  }

  /** Fails unless the script may read it. */
  Path toRead(Path path, boolean follow) throws IOException {
    return toRead(path, real(disk.toAbsolutePath(path), follow));
  }

  private Path toRead(Path path, Path real) throws IOException {
    if (!isOwn(real)
        && readable.stream().noneMatch(real::startsWith)
        && required.stream().noneMatch(real::startsWith)
        && (sealed || !real.startsWith(byteCode))) {
      throw new AccessDeniedException(path.toString(), null, "outside of what a script may read");
    }
    return real;
  }

  /** Fails unless the script may write there. */
  Path toWrite(Path path, boolean follow) throws IOException {
    Path real = real(disk.toAbsolutePath(path), follow);
    if (!isOwn(real) && (sealed || !real.startsWith(byteCode))) {
      throw new AccessDeniedException(path.toString(), null, "outside of what a script may write");
    }
    checkLength(real.toString().length(), path);
    return real;
  }

  /** As to write; but the temporary directory stays where the next script looks for it. */
  Path toReplace(Path path) throws IOException {
    Path real = toWrite(path, false);
    if (real.equals(temporary)) {
      throw new AccessDeniedException(path.toString(), null, "not the script's to remove");
    }
    return real;
  }

  /** Whether {@code /dev/null} is meant. */
  boolean isNullDevice(Path path) {
    return NullDevice.isMeant(disk.toAbsolutePath(path));
  }

  /** Whether it is the script's to write. */
  boolean isOwn(Path real) {
    Path line = folder;
    return real.startsWith(temporary) || (line != null && real.startsWith(line));
  }

  /** What has a longer path than the system takes could be made in steps, but not be deleted. */
  static void checkLengths(Path from, Path to) throws IOException {
    int more = to.toString().length() - from.toString().length();
    try (Stream<Path> tree = Files.walk(from)) {
      int longest = tree.mapToInt(path -> path.toString().length()).max().orElse(0);
      checkLength(longest + more, to);
    } catch (UncheckedIOException changing) {
      throw changing.getCause();
    }
  }

  private static void checkLength(int length, Path path) throws IOException {
    if (length > MAX_PATH) {
      throw new FileSystemException(path.toString(), null, "File name too long");
    }
  }

  /** The real path; of what doesn't exist, the real path it would have. */
  private Path real(Path absolute, boolean follow) throws IOException {
    if (isPlainlyOwn(absolute)) {
      return absolute;
    }
    if (follow || absolute.getNameCount() == 0) {
      try {
        if (absolute.toFile().exists()) { // cheaper than an exception from a deep stack
          return absolute.toRealPath();
        }
      } catch (NoSuchFileException goneMeanwhile) {
        // as one that was never there
      }
      if (Files.isSymbolicLink(absolute)) {
        // a link to nowhere: its target is not known to be inside
        throw new NoSuchFileException(absolute.toString());
      }
    }
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name.toString().equals("..") || name.toString().equals(".")) {
      return absolute.toRealPath();
    }
    return real(parent, true).resolve(name);
  }

  /**
   * Whether a path leads below the script's own directories by its names alone. These are real
   * paths, nobody else writes below them, and a script can't make links, so there is nothing to
   * resolve: to ask the disk costs a call for each directory on the way.
   */
  private boolean isPlainlyOwn(Path absolute) {
    Path line = folder;
    return ((line != null && absolute.startsWith(line)) || absolute.startsWith(temporary))
        && !absolute.toString().contains("/.");
  }
}
