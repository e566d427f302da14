package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.Testbed;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ServerIT {

  @Test
  void theServerStartsWithoutAWarningAndComesBackAfterAKill() throws Exception {
    try (Testbed testbed =
        new Testbed(Testbed.buildFolder().resolve("server-it"), Testbed.Options.anyPorts())) {
      testbed.start();
      testbed.server().kill();
      testbed.server().start();
      assertThat(Files.readAllLines(testbed.server().log()))
          .noneMatch(line -> line.contains("WARNING") || line.contains("SEVERE"));
    }
  }
}
