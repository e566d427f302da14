package io.aihub.client.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests of hostile scripts a {@link TestWorker}: one for all, for it starts slowly. */
final class SharedWorker implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestWorker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedWorker.class))
        .getOrComputeIfAbsent(TestWorker.class, type -> started(), TestWorker.class);
  }

  private static TestWorker started() {
    try {
      return new TestWorker();
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }
}
