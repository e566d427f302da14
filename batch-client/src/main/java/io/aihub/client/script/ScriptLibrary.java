package io.aihub.client.script;

import io.aihub.client.lifecycle.Trees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The Python packages that scripts may import, unpacked from the client into a directory named by
 * their hash: the same packages keep their path, and so their cached byte code, over restarts.
 */
final class ScriptLibrary {

  private static final String ZIP = "python-library.zip";

  private ScriptLibrary() {}

  /** The directory with the packages, below the given one; unpacked there if it isn't yet. */
  static Path unpack(Path parent) throws IOException {
    Path folder = parent.resolve("library-" + hash());
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Files.createDirectories(parent);
    Path part = parent.resolve(folder.getFileName() + ".part");
    Trees.delete(part);
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(open()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = part.resolve(entry.getName()).normalize();
        if (!file.startsWith(part)) {
          throw new IOException("odd name in " + ZIP + ": " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
    Files.move(part, folder);
    return folder;
  }

  private static String hash() throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(open(), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static InputStream open() throws IOException {
    InputStream zip = ScriptLibrary.class.getResourceAsStream(ZIP);
    if (zip == null) {
      throw new IOException(ZIP + " is missing from the client");
    }
    return zip;
  }
}
