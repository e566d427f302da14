package io.aihub.it;

import io.aihub.testbed.Testbed;
import org.jboss.arquillian.container.spi.ContainerRegistry;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.arquillian.test.spi.event.suite.AfterSuite;

/**
 * Starts database, storage, relay and an empty server when Arquillian has read its configuration,
 * and leads it there; Arquillian itself only deploys. So the server under test starts in the same
 * way as everywhere else, and knows where its stores are.
 */
public final class TestbedForArquillian implements LoadableExtension {

  @Override
  public void register(ExtensionBuilder builder) {
    builder.observer(Lifecycle.class);
  }

  /** Follows Arquillian's suite. */
  public static final class Lifecycle {

    private Testbed bed;

    void start(@Observes ContainerRegistry registry) throws Exception {
      bed = new Testbed(Testbed.buildFolder().resolve("arquillian"), Testbed.Options.anyPorts());
      try {
        bed.startStores();
        bed.server().startWithoutApplication();
      } catch (Exception failed) {
        bed.close();
        throw failed;
      }
      registry
          .getContainers()
          .forEach(
              container ->
                  container
                      .getContainerConfiguration()
                      .property("payaraHome", bed.server().payara().toString())
                      .property("adminPort", String.valueOf(bed.server().adminPort())));
    }

    void stop(@Observes(precedence = -100) AfterSuite end) throws Exception {
      if (bed != null) {
        bed.close();
      }
    }
  }
}
