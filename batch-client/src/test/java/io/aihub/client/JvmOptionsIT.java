package io.aihub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client starts Payara Micro by its class, so what the manifest asks for are flags of ours. */
class JvmOptionsIT {

  @ParameterizedTest
  @CsvSource({"Add-Exports, --add-exports=", "Add-Opens, --add-opens="})
  void theyGrantWhatTheManifestOfPayaraMicroAsksFor(String attribute, String flag)
      throws IOException {
    try (JarFile micro = new JarFile("target/payara-micro.jar")) {
      String asked = micro.getManifest().getMainAttributes().getValue(attribute);
      List<String> wanted =
          Arrays.stream(asked.split(" ")).map(name -> flag + name + "=ALL-UNNAMED").toList();

      assertThat(Files.readAllLines(Path.of("src/main/launch/jvm.options")))
          .filteredOn(line -> line.startsWith(flag))
          .containsExactlyInAnyOrderElementsOf(wanted);
    }
  }
}
