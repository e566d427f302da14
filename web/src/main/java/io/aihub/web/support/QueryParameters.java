package io.aihub.web.support;

import io.aihub.shared.InvalidException;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads numbers, flags and enum constants in the query and says which parameter is wrong; JAX-RS by
 * itself would answer that there is nothing at the address.
 */
@Provider
public class QueryParameters implements ParamConverterProvider {

  @Override
  public <T> ParamConverter<T> getConverter(
      Class<T> type, Type genericType, Annotation[] annotations) {
    for (Annotation annotation : annotations) {
      if (annotation instanceof QueryParam query) {
        if (type == int.class) {
          return converter(value -> number(query.value(), value));
        }
        if (type == boolean.class) {
          return converter(value -> oneOf(query.value(), value, List.of(true, false)));
        }
        if (type.isEnum()) {
          return converter(
              value -> oneOf(query.value(), value, Arrays.asList(type.getEnumConstants())));
        }
      }
    }
    return null;
  }

  private static Integer number(String name, String value) {
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw new InvalidException(name, "request.parameter.number", name);
    }
  }

  private static <T> T oneOf(String name, String value, List<T> choices) {
    return choices.stream()
        .filter(choice -> choice.toString().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidException(
                    name,
                    "request.parameter.choice",
                    name,
                    choices.stream().map(Object::toString).collect(Collectors.joining(", "))));
  }

  private static <T> ParamConverter<T> converter(Function<String, Object> reader) {
    return new ParamConverter<>() {
      @Override
      @SuppressWarnings("unchecked") // T may be the primitive of the box that the reader gives
      public T fromString(String value) {
        return value == null || value.isEmpty() ? null : (T) reader.apply(value);
      }

      @Override
      public String toString(T value) {
        return String.valueOf(value);
      }
    };
  }
}
