package io.aihub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.aihub.client.lifecycle.Holding;
import io.aihub.client.script.Script;
import io.aihub.client.script.ScriptContext;
import io.aihub.client.script.ScriptOutcome;
import io.aihub.client.script.ScriptOutcome.Produced;
import io.aihub.client.script.ScriptRuntime;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.inject.Inject;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client's WAR as the build made it, inside Payara Micro with the flags of the real client. */
@ExtendWith(ArquillianExtension.class)
class ClientInMicroIT {

  private static final byte[] FILE = "bytes from the origin".getBytes(StandardCharsets.UTF_8);

  @Inject private Holding holding;

  @Deployment
  static WebArchive client() throws URISyntaxException {
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/aihub-batch-client.war"))
        .addClass(ClientInMicroIT.class)
        .addAsResource(new File("../src-docs/samples/seed_download.py"), "seed_download.py")
        .addAsLibraries(jarOf(Assertions.class), jarOf(Awaitility.class), jarOf(Matcher.class));
  }

  private static File jarOf(Class<?> type) throws URISyntaxException {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void theSeedsScriptRunsUnmodifiedInsideMicro() throws Exception {
    HttpServer origin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, FILE.length);
          exchange.getResponseBody().write(FILE);
          exchange.close();
        });
    origin.start();
    Path root = Files.createDirectories(Path.of("target/micro-it/output").toAbsolutePath());
    Path folder = Files.createTempDirectory(root, "line");
    try (ScriptRuntime runtime =
            new ScriptRuntime(Path.of("target/micro-it/python").toAbsolutePath());
        ScriptContext context = runtime.newContext(root)) {
      String line =
          "http://127.0.0.1:" + origin.getAddress().getPort() + "/a|==|/14807/_/a01a_fa10.jpg";

      ScriptOutcome outcome = context.download(seed(), line, folder, Duration.ofMinutes(5));

      assertThat(outcome).isInstanceOf(Produced.class);
      assertThat(((Produced) outcome).path()).isEqualTo("14807/_/a01a_fa10.jpg");
      assertThat(((Produced) outcome).file()).hasBinaryContent(FILE);
    } finally {
      origin.stop(0);
    }
  }

  @Test
  void aClientWithoutItsServerHoldsSaysWhyAndRunsNoJob() throws Exception {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                assertThat(holding.reason())
                    .hasValueSatisfying(
                        reason -> assertThat(reason).contains("http://127.0.0.1:9/aihub")));
    assertThat(BatchRuntime.getJobOperator().getJobNames()).doesNotContain("download");
  }

  private static Script seed() throws Exception {
    try (var source = ClientInMicroIT.class.getResourceAsStream("/seed_download.py")) {
      return new Script("0".repeat(64), new String(source.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
