package io.aihub.client.script;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * All that a script sees of the disk: its output root, to read and write, and the libraries, to
 * read; GraalPy's own files are among these. Not wrapped by {@code
 * FileSystem.allowInternalResources}, which can't move atomically and so would keep byte code from
 * being cached. Links are resolved before a path is judged, and a script can't make any. The
 * byte-code cache, which all contexts share, may be written only until {@link #seal()}, before a
 * script runs.
 */
final class ScriptFileSystem implements FileSystem {

  private final FileSystem disk = FileSystem.newDefaultFileSystem();
  private final Path outputRoot;
  private final Path temporary;
  private final Path byteCode;
  private final List<Path> readable;
  private volatile boolean sealed;

  /**
   * Opens the disk to a script.
   *
   * @param outputRoot an existing directory, the script's own
   * @param temporary an existing directory below it
   * @param byteCode the byte-code cache
   * @param libraries directories with what scripts may import
   */
  ScriptFileSystem(Path outputRoot, Path temporary, Path byteCode, List<Path> libraries)
      throws IOException {
    this.outputRoot = outputRoot.toRealPath();
    this.temporary = temporary.toRealPath();
    this.byteCode = byteCode.toRealPath();
    this.readable = new ArrayList<>(List.of(this.outputRoot, this.byteCode));
    for (Path library : libraries) {
      readable.add(library.toRealPath());
    }
    disk.setCurrentWorkingDirectory(this.outputRoot);
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
        modes.contains(AccessMode.WRITE)
            ? toWrite(path, follows(options))
            : toRead(path, follows(options));
    disk.checkAccess(real, modes, options);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    disk.createDirectory(toWrite(path, false), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(toWrite(path, false));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    boolean readOnly =
        options.isEmpty()
            || options.stream()
                .allMatch(o -> o == StandardOpenOption.READ || o == LinkOption.NOFOLLOW_LINKS);
    return disk.newByteChannel(
        readOnly ? toRead(path, true) : toWrite(path, true), options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return disk.newDirectoryStream(toRead(path, true), filter);
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return disk.toAbsolutePath(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return disk.toRealPath(toRead(path, follows(options)), options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return disk.readAttributes(toRead(path, follows(options)), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    disk.setAttribute(toWrite(path, follows(options)), attribute, value, options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    disk.copy(toRead(source, true), toWrite(target, false), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    disk.move(toWrite(source, false), toWrite(target, false), options);
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

  private Path toRead(Path path, boolean follow) throws IOException {
    Path real = real(disk.toAbsolutePath(path), follow);
    if (readable.stream().noneMatch(real::startsWith)) {
      throw new AccessDeniedException(path.toString(), null, "outside of what a script may read");
    }
    return real;
  }

  private Path toWrite(Path path, boolean follow) throws IOException {
    Path real = real(disk.toAbsolutePath(path), follow);
    if (!real.startsWith(outputRoot) && (sealed || !real.startsWith(byteCode))) {
      throw new AccessDeniedException(path.toString(), null, "outside of what a script may write");
    }
    return real;
  }

  /** The real path; of what doesn't exist, the real path it would have. */
  private static Path real(Path absolute, boolean follow) throws IOException {
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

  private static boolean follows(LinkOption... options) {
    return !List.of(options).contains(LinkOption.NOFOLLOW_LINKS);
  }
}
