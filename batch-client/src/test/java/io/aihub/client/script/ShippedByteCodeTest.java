package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedByteCodeTest {

  /** Where a header of byte code says what it is checked against; 1: nothing. */
  private static final int FLAGS = 4;

  @TempDir Path temporary;

  @Test
  void aClientsFirstContextCompilesNoneOfWhatItImports() throws IOException {
    // one place for GraalPy's own files a JVM, and other tests go on to use it
    String resources = Path.of("target/script-runtime/graalpy").toAbsolutePath().toString();
    System.getProperties().putIfAbsent("polyglot.engine.userResourceCache", resources);
    Path home = temporary.resolve("python");
    Path output = Files.createDirectory(temporary.resolve("worker"));

    try (ScriptRuntime runtime = new ScriptRuntime(home);
        ScriptContext context = runtime.newContext(output)) {
      List<Path> shipped = byteCode(home);
      context.prepare();

      assertThat(shipped).hasSizeGreaterThan(100).allMatch(file -> flags(file) == 1);
      assertThat(byteCode(home)).containsExactlyElementsOf(shipped).allMatch(f -> flags(f) == 1);
    }
  }

  private static List<Path> byteCode(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("byte-code"))) {
      return files.filter(file -> file.toString().endsWith(".pyc")).sorted().toList();
    }
  }

  private static int flags(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FLAGS + 1)[FLAGS];
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
