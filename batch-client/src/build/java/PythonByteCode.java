import io.aihub.client.lifecycle.Trees;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptRuntime;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.graalvm.polyglot.Context;

/**
 * Starts a context as the client does and packs the byte code of all that it imports, so that a
 * client that starts for the first time compiles none of it. Does nothing where that was done for
 * the same sources already.
 *
 * <p>Run by the build with the client's classes: {@code java PythonByteCode.java CLASSES WORK ZIP},
 * where CLASSES is the folder with the client's Python sources.
 */
public final class PythonByteCode {

  /** Goes up when this class makes another zip of the same sources. */
  private static final String LAYOUT = "1";

  /** PEP 552: the byte code carries a hash, and nobody compares it with the source. */
  private static final int UNCHECKED_HASH = 1;

  private static final int HEADER = 16;

  private PythonByteCode() {}

  public static void main(String[] args) throws Exception {
    Path classes = Path.of(args[0]);
    Path work = Path.of(args[1]).toAbsolutePath();
    Path zip = Path.of(args[2]);
    Path stamp = work.resolveSibling(work.getFileName() + ".stamp");
    String wanted = LAYOUT + ' ' + version(classes);
    if (Files.exists(zip) && Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.deleteIfExists(zip); // the client must compile what it imports itself
    Trees.delete(work);
    Path home = work.resolve("home");
    Path output = Files.createDirectories(work.resolve("output"));
    try (ScriptRuntime runtime = new ScriptRuntime(home);
        ScriptContext context = runtime.newContext(output)) {
      context.prepare();
    }
    Path real = home.toRealPath();
    pack(real.resolve("byte-code").resolve(real.getRoot().relativize(real)), zip);
    Files.writeString(stamp, wanted);
  }

  private static String version(Path classes) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String name :
        List.of(
            "python-library.zip",
            "opened_files.py",
            "archives.py",
            "libraries.py",
            "calls.py",
            "programs.py",
            "sent.py",
            "wire/answers.py",
            "wire/connections.py",
            "wire/requests.py")) {
      digest.update(Files.readAllBytes(classes.resolve(name)));
    }
    // the jar's name has GraalPy's version; to ask the engine would load it before its settings
    String jar = Context.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return Path.of(jar).getFileName() + " " + HexFormat.of().formatHex(digest.digest());
  }

  private static void pack(Path folder, Path zip) throws IOException {
    Path part = zip.resolveSibling(zip.getFileName() + ".part");
    int count = 0;
    try (ZipOutputStream out =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part)));
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] code = Files.readAllBytes(file);
        if (!file.toString().endsWith(".pyc") || code.length < HEADER) {
          continue;
        }
        // the time of a source is another one wherever it is unpacked
        ByteBuffer.wrap(code)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(4, UNCHECKED_HASH)
            .putLong(8, 0);
        ZipEntry entry = new ZipEntry(folder.relativize(file).toString().replace('\\', '/'));
        entry.setLastModifiedTime(FileTime.from(Instant.parse("2000-01-01T00:00:00Z")));
        out.putNextEntry(entry);
        out.write(code);
        out.closeEntry();
        count++;
      }
    }
    if (count == 0) {
      throw new IllegalStateException("no byte code in " + folder);
    }
    Files.move(part, zip, StandardCopyOption.REPLACE_EXISTING);
  }
}
