package io.aihub.web.support;

import jakarta.validation.Path;
import jakarta.validation.Path.Node;
import jakarta.validation.TraversableResolver;
import java.lang.annotation.ElementType;

/** Has every property of an object validated; named in {@code META-INF/validation.xml}. */
public class WholeObjectResolver implements TraversableResolver {

  @Override
  public boolean isReachable(
      Object object, Node property, Class<?> root, Path path, ElementType type) {
    return true;
  }

  @Override
  public boolean isCascadable(
      Object object, Node property, Class<?> root, Path path, ElementType type) {
    return true;
  }
}
