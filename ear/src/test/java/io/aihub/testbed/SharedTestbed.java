package io.aihub.testbed;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests that only look at a server, and never stop one, a running {@link Testbed}: one
 * for all classes of a run, started for the first and ended after the last. Tests keep out of each
 * other's way by users, machine tags and target paths of their own.
 */
public final class SharedTestbed implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Testbed.class;
  }

  @Override
  public Testbed resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedTestbed.class))
        .getOrComputeIfAbsent(Testbed.class, type -> started(), Testbed.class);
  }

  private static Testbed started() {
    try {
      Testbed bed =
          new Testbed(Testbed.buildFolder().resolve("shared"), Testbed.Options.anyPorts());
      try {
        bed.start();
      } catch (Exception failed) {
        bed.close();
        throw failed;
      }
      return bed;
    } catch (Exception failed) {
      throw new IllegalStateException("The shared test bed can't be started.", failed);
    }
  }
}
