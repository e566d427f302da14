package io.aihub.client.script;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.graalvm.polyglot.io.FileSystem;

/**
 * All that a script sees of the disk: the output directory of its line and a temporary one, to read
 * and write, and the libraries and its packages, to read; GraalPy's own files are among these; and
 * {@code /dev/null}, which is a {@link NullDevice}. Not wrapped by {@code
 * FileSystem.allowInternalResources}, which can't move atomically and so would keep byte code from
 * being cached. A script can't make links. What it makes stays readable and removable for the
 * client, and what it writes is counted.
 */
final class ScriptFileSystem implements FileSystem {

  private final FileSystem disk = FileSystem.newDefaultFileSystem();
  private final ScriptPaths paths;
  private final DiskQuota quota;

  /**
   * Opens the disk to scripts; of output directories none yet, see {@link #enter}.
   *
   * @param temporary an existing directory
   * @param byteCode the byte-code cache
   * @param libraries directories with what scripts may import
   */
  ScriptFileSystem(Path temporary, Path byteCode, List<Path> libraries, DiskQuota quota)
      throws IOException {
    this.paths = new ScriptPaths(disk, temporary, byteCode, libraries);
    this.quota = quota;
    disk.setCurrentWorkingDirectory(paths.temporary());
  }

  /**
   * From now on this is the output directory; the one before is closed to the script.
   *
   * @param packages what the script may read beside the libraries, or null
   */
  void enter(Path outputFolder, Path packages, Consumer<Breach> onBreach) throws IOException {
    paths.enter(outputFolder, packages);
    quota.begin(paths.own(), onBreach);
  }

  /** From now on the byte-code cache isn't written. */
  void seal() {
    paths.seal();
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
        modes.contains(AccessMode.WRITE) && !paths.isNullDevice(path)
            ? paths.toWrite(path, follows(options))
            : paths.toLookAt(path, follows(options));
    disk.checkAccess(real, modes, options);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    Path real = paths.toWrite(path, false);
    quota.create();
    disk.createDirectory(real); // the attributes could shut the client out
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(paths.toReplace(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (paths.isNullDevice(path)) {
      return new NullDevice();
    }
    boolean readOnly =
        options.isEmpty()
            || options.stream()
                .allMatch(o -> o == StandardOpenOption.READ || o == LinkOption.NOFOLLOW_LINKS);
    Path real = readOnly ? paths.toRead(path, true) : paths.toWrite(path, true);
    if (!paths.isSealed()) {
      return disk.newByteChannel(real, options, attributes);
    }
    if (!readOnly && !real.toFile().exists()) {
      quota.create();
    }
    FileChannel file = (FileChannel) disk.newByteChannel(real, options);
    try {
      Object key =
          paths.isOwn(real)
              ? Files.readAttributes(real, BasicFileAttributes.class).fileKey()
              : null;
      return new CountedFile(file, key, quota);
    } catch (IOException | RuntimeException gone) {
      file.close();
      throw gone;
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> listed = disk.newDirectoryStream(paths.toRead(path, true), filter);
    return paths.isSealed() ? new ListedFolder(listed, quota) : listed;
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return disk.toAbsolutePath(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return disk.toRealPath(paths.toLookAt(path, follows(options)), options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return disk.readAttributes(paths.toLookAt(path, follows(options)), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    Path real = paths.toWrite(path, follows(options));
    if (attribute.endsWith("time") || attribute.endsWith("Time")) {
      disk.setAttribute(real, attribute, value, options);
    } // owners and permissions stay the client's: it has to read and to delete what is made here
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    Path from = paths.toRead(source, true);
    Path to = paths.toReplace(target);
    quota.create();
    quota.grow(Files.size(from));
    disk.copy(from, to, options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Path from = paths.toReplace(source);
    Path to = paths.toReplace(target);
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      ScriptPaths.checkLengths(from, to);
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
    return disk.readSymbolicLink(paths.toRead(link, false));
  }

  @Override
  public void setCurrentWorkingDirectory(Path directory) {
    try {
      disk.setCurrentWorkingDirectory(paths.toRead(directory, true));
    } catch (IOException denied) {
      throw new SecurityException(denied.getMessage());
    }
  }

  @Override
  public Path getTempDirectory() {
    return paths.temporary();
  }

  private static boolean follows(LinkOption... options) {
    return !List.of(options).contains(LinkOption.NOFOLLOW_LINKS);
  }
}
