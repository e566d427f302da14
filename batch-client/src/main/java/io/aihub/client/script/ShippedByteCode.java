package io.aihub.client.script;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Byte code of what every context imports, made by the build, laid where GraalPy looks for it. A
 * client that lacks it, or whose GraalPy is of another version, compiles what it imports.
 */
final class ShippedByteCode {

  private static final String ZIP = "python-byte-code.zip";
  private static final String LIBRARY = "library-";
  private static final String STAMP = "shipped-for-";

  private ShippedByteCode() {}

  /**
   * Lays it into the cache, once for each version of the library.
   *
   * @param cache GraalPy's {@code PyCachePrefix}: below it, a source's byte code lies at the
   *     source's own absolute path
   * @param resources where GraalPy unpacks its own files
   * @param library the unpacked packages, see {@link ScriptLibrary}
   */
  static void unpack(Path cache, Path resources, Path library) throws IOException {
    Path stamp = cache.resolve(STAMP + library.getFileName());
    try (InputStream bytes = ShippedByteCode.class.getResourceAsStream(ZIP)) {
      if (bytes == null || Files.exists(stamp)) {
        return;
      }
      try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(bytes))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          Path name = Path.of(entry.getName()).normalize();
          boolean ofLibrary = name.getName(0).toString().startsWith(LIBRARY);
          Path source =
              (ofLibrary ? library : resources).resolve(name.subpath(1, name.getNameCount()));
          Path file = cache.resolve(source.getRoot().relativize(source)).normalize();
          if (!file.startsWith(cache)) {
            throw new IOException("odd name in " + ZIP + ": " + entry.getName());
          }
          Files.createDirectories(file.getParent());
          Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Files.createFile(stamp);
  }
}
