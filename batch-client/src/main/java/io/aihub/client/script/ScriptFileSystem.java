package io.aihub.client.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.graalvm.polyglot.io.FileSystem;

/**
 * All that a script sees of the disk: the output directory of its line and a temporary one, to read
 * and write, and the libraries and its packages, to read; GraalPy's own files are among these; and
 * {@code /dev/null}, which is a {@link NullDevice}. Not wrapped by {@code
 * FileSystem.allowInternalResources}, which can't move atomically and so would keep byte code from
 * being cached. Links are resolved before a path is judged, and a script can't make any. What it
 * makes stays readable and removable for the client, and what it writes is counted. The byte-code
 * cache, which all contexts share, may be written only until {@link #seal()}, before a script runs.
 */
final class ScriptFileSystem implements FileSystem {

  private static final int MAX_PATH = 3000;

  private final FileSystem disk = FileSystem.newDefaultFileSystem();
  private final Path temporary;
  private final Path byteCode;
  private final List<Path> readable;
  private final DiskQuota quota;
  private volatile Path folder;
  private volatile Path packages;
  private volatile boolean sealed;

  /**
   * Opens the disk to scripts; of output directories none yet, see {@link #enter}.
   *
   * @param temporary an existing directory
   * @param byteCode the byte-code cache
   * @param libraries directories with what scripts may import
   */
  ScriptFileSystem(Path temporary, Path byteCode, List<Path> libraries, DiskQuota quota)
      throws IOException {
    this.temporary = temporary.toRealPath();
    this.byteCode = byteCode.toRealPath();
    this.readable = new ArrayList<>(List.of(this.temporary, this.byteCode));
    for (Path library : libraries) {
      readable.add(library.toRealPath());
    }
    this.quota = quota;
    disk.setCurrentWorkingDirectory(this.temporary);
  }

  /**
   * From now on this is the output directory; the one before is closed to the script.
   *
   * @param required packages that the script may read beside the libraries, or null
   */
  void enter(Path outputFolder, Path required, Consumer<Breach> onBreach) throws IOException {
    folder = outputFolder.toRealPath();
    packages = required;
    quota.begin(List.of(folder, temporary), onBreach);
  }

  void seal() {
    sealed = true;
  }

  @Override
  public Path parsePath(URI uri) {
    return disk.parsePath(uri);
  }

  @Override
  public Path parsePath(String path) {
    return disk.parsePath(path);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options)
      throws IOException {
    Path real =
        modes.contains(AccessMode.WRITE) && !isNullDevice(path)
            ? toWrite(path, follows(options))
            : toLookAt(path, follows(options));
    disk.checkAccess(real, modes, options);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    Path real = toWrite(path, false);
    quota.create();
    disk.createDirectory(real); // the attributes could shut the client out
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(toReplace(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (isNullDevice(path)) {
      return new NullDevice();
    }
    boolean readOnly =
        options.isEmpty()
            || options.stream()
                .allMatch(o -> o == StandardOpenOption.READ || o == LinkOption.NOFOLLOW_LINKS);
    Path real = readOnly ? toRead(path, true) : toWrite(path, true);
    if (!sealed) {
      return disk.newByteChannel(real, options, attributes);
    }
    if (!readOnly && !real.toFile().exists()) {
      quota.create();
    }
    FileChannel file = (FileChannel) disk.newByteChannel(real, options);
    try {
      Object key =
          isOwn(real) ? Files.readAttributes(real, BasicFileAttributes.class).fileKey() : null;
      return new CountedFile(file, key, quota);
    } catch (IOException | RuntimeException gone) {
      file.close();
      throw gone;
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> listed = disk.newDirectoryStream(toRead(path, true), filter);
    return sealed ? new ListedFolder(listed, quota) : listed;
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return disk.toAbsolutePath(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return disk.toRealPath(toLookAt(path, follows(options)), options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return disk.readAttributes(toLookAt(path, follows(options)), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    Path real = toWrite(path, follows(options));
    if (attribute.endsWith("time") || attribute.endsWith("Time")) {
      disk.setAttribute(real, attribute, value, options);
    } // owners and permissions stay the client's: it has to read and to delete what is made here
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    Path from = toRead(source, true);
    Path to = toReplace(target);
    quota.create();
    quota.grow(Files.size(from));
    disk.copy(from, to, options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Path from = toReplace(source);
    Path to = toReplace(target);
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      checkLengths(from, to);
    }
    disk.move(from, to, options);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    throw new AccessDeniedException(link.toString(), null, "links are not allowed");
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    throw new AccessDeniedException(link.toString(), null, "links are not allowed");
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return disk.readSymbolicLink(toRead(link, false));
  }

  @Override
  public void setCurrentWorkingDirectory(Path directory) {
    try {
      disk.setCurrentWorkingDirectory(toRead(directory, true));
    } catch (IOException denied) {
      throw new SecurityException(denied.getMessage());
    }
  }

  @Override
  public Path getTempDirectory() {
    return temporary;
  }

  /** As to read; and the folders above its own are there, as {@code os.makedirs} wants to know. */
  private Path toLookAt(Path path, boolean follow) throws IOException {
    Path real = real(disk.toAbsolutePath(path), follow);
    Path line = folder;
    return temporary.startsWith(real)
            || (line != null && line.startsWith(real))
            || isNullDevice(real)
        ? real
        : toRead(path, real);
  }

  private Path toRead(Path path, boolean follow) throws IOException {
    return toRead(path, real(disk.toAbsolutePath(path), follow));
  }

  private Path toRead(Path path, Path real) throws IOException {
    Path required = packages;
    if (!isOwn(real)
        && readable.stream().noneMatch(real::startsWith)
        && (required == null || !real.startsWith(required))) {
      throw new AccessDeniedException(path.toString(), null, "outside of what a script may read");
    }
    return real;
  }

  private Path toWrite(Path path, boolean follow) throws IOException {
    Path real = real(disk.toAbsolutePath(path), follow);
    if (!isOwn(real) && (sealed || !real.startsWith(byteCode))) {
      throw new AccessDeniedException(path.toString(), null, "outside of what a script may write");
    }
    checkLength(real.toString().length(), path);
    return real;
  }

  /** As to write; but the temporary directory stays where the next script looks for it. */
  private Path toReplace(Path path) throws IOException {
    Path real = toWrite(path, false);
    if (real.equals(temporary)) {
      throw new AccessDeniedException(path.toString(), null, "not the script's to remove");
    }
    return real;
  }

  private boolean isNullDevice(Path path) {
    return NullDevice.isMeant(disk.toAbsolutePath(path));
  }

  private boolean isOwn(Path real) {
    Path line = folder;
    return real.startsWith(temporary) || (line != null && real.startsWith(line));
  }

  /** What has a longer path than the system takes could be made in steps, but not be deleted. */
  private static void checkLengths(Path from, Path to) throws IOException {
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

  private static boolean follows(LinkOption... options) {
    return !List.of(options).contains(LinkOption.NOFOLLOW_LINKS);
  }
}
