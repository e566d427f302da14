import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.graalvm.polyglot.Context;

/**
 * Installs the packages of a lock file and packs them into one zip, which the client carries. Uses
 * CPython's pip where there is one, else the pip inside GraalPy, so that a JDK and Maven suffice.
 * Does nothing where the zip was made from the same lock already.
 *
 * <p>Run by the build: {@code java PythonLibrary.java LOCK FOLDER ZIP}. The property {@code
 * python.library.pip} set to {@code graalpy} skips CPython.
 */
public final class PythonLibrary {

  /** Goes up when this class makes another zip of the same lock. */
  private static final String LAYOUT = "1";

  private PythonLibrary() {}

  public static void main(String[] args) throws Exception {
    Path lock = Path.of(args[0]).toAbsolutePath();
    Path folder = Path.of(args[1]).toAbsolutePath();
    Path zip = Path.of(args[2]).toAbsolutePath();
    Path stamp = folder.resolveSibling(folder.getFileName() + ".stamp");
    String wanted = LAYOUT + ' ' + sha256(lock);
    boolean installed = Files.exists(stamp) && Files.readString(stamp).equals(wanted);
    if (installed && Files.exists(zip)) {
      return;
    }
    if (!installed) {
      delete(folder);
      install(lock, folder);
      Files.writeString(stamp, wanted);
    }
    pack(folder, zip);
  }

  private static void install(Path lock, Path folder) throws IOException, InterruptedException {
    List<String> pip =
        List.of(
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--no-compile",
            "--only-binary=:all:",
            "--python-version=3.12",
            "--implementation=py",
            "--abi=none",
            "--platform=any",
            "--no-deps",
            "--require-hashes",
            "--target=" + folder,
            "--requirement=" + lock);
    boolean cpython = !"graalpy".equals(System.getProperty("python.library.pip"));
    if (cpython && installWithCpython(pip)) {
      return;
    }
    delete(folder);
    System.out.println(
        "[python library] no working python3 with pip: installing with GraalPy, some two minutes");
    installWithGraalpy(pip);
  }

  private static boolean installWithCpython(List<String> pip) throws InterruptedException {
    try {
      if (run(List.of("python3", "-m", "pip", "--version"), true) != 0) {
        return false;
      }
      List<String> command = new ArrayList<>(List.of("python3", "-m", "pip"));
      command.addAll(pip);
      return run(command, false) == 0;
    } catch (IOException noPython) {
      return false;
    }
  }

  private static int run(List<String> command, boolean silent)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // A folder of the build's own is no system to break. As an option, older pips would refuse it.
    builder.environment().put("PIP_ROOT_USER_ACTION", "ignore");
    if (silent) {
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    } else {
      builder.inheritIO();
    }
    return builder.start().waitFor();
  }

  private static void installWithGraalpy(List<String> pip) {
    try (Context context =
        Context.newBuilder("python")
            .allowAllAccess(true)
            .allowNativeAccess(false)
            .allowCreateProcess(false)
            .option("engine.WarnInterpreterOnly", "false")
            .option("python.PosixModuleBackend", "java")
            .arguments("python", pip.toArray(String[]::new))
            .build()) {
      int status =
          context
              .eval(
                  "python",
                  """
                  import ensurepip, glob, os, sys
                  bundled = os.path.join(os.path.dirname(ensurepip.__file__), '_bundled')
                  sys.path.insert(0, glob.glob(os.path.join(bundled, 'pip-*.whl'))[0])
                  from pip._internal.cli.main import main
                  main(sys.argv[1:] if sys.argv[0] != 'install' else sys.argv)
                  """)
              .asInt();
      if (status != 0) {
        throw new IllegalStateException("GraalPy's pip ended with status " + status);
      }
    }
  }

  /** The same files give the same bytes, so that an unpacked library is recognised by its hash. */
  private static void pack(Path folder, Path zip) throws IOException {
    Files.createDirectories(zip.getParent());
    Path part = zip.resolveSibling(zip.getFileName() + ".part");
    try (ZipOutputStream out =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part)));
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (name.startsWith("bin/") || name.contains("__pycache__") || name.endsWith("/RECORD")) {
          continue;
        }
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.from(Instant.parse("2000-01-01T00:00:00Z")));
        out.putNextEntry(entry);
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    Files.move(part, zip, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static String sha256(Path file) throws Exception {
    byte[] text = Files.readString(file).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
