package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.LogAudit;
import io.aihub.testbed.Testbed;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ServerIT {

  @Test
  void aFreshServerStartsWithoutAnUnexplainedWarning() throws IOException {
    try (Testbed testbed =
        new Testbed(Testbed.buildFolder().resolve("server-it"), Testbed.Options.anyPorts())) {
      testbed.start();
      assertThat(LogAudit.conspicuous(testbed.logs())).isEmpty();
    }
  }
}
