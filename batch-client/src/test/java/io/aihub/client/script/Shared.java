package io.aihub.client.script;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests what starts slowly: one for all classes of a run, closed after the last.
 *
 * @param <T> the parameter's type
 */
abstract class Shared<T extends AutoCloseable> implements ParameterResolver {

  private final Class<T> type;
  private final Callable<T> start;

  Shared(Class<T> type, Callable<T> start) {
    this.type = type;
    this.start = start;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type;
  }

  @Override
  public T resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Shared.class))
        .getOrComputeIfAbsent(type, key -> started(), type);
  }

  private T started() {
    try {
      return start.call();
    } catch (Exception failed) {
      throw new IllegalStateException(type.getSimpleName() + " can't be started.", failed);
    }
  }
}
