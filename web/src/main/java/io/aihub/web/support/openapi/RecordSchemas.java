package io.aihub.web.support.openapi;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/**
 * Describes the wire records, which the server's own scan leaves out: it knows neither records nor
 * the other modules of the application. The constraints of a field go into its description too.
 */
final class RecordSchemas {

  private final Map<String, Schema> components = new LinkedHashMap<>();

  /** Every record and enum described so far, by name. */
  Map<String, Schema> components() {
    return components;
  }

  /** The description of a type: a reference for records and enums. */
  Schema of(Type type) {
    return of(type, Map.of());
  }

  private Schema of(Type type, Map<TypeVariable<?>, Type> bound) {
    if (type instanceof TypeVariable<?> variable) {
      return of(bound.get(variable), bound);
    }
    if (type instanceof ParameterizedType generic) {
      return ofGeneric(generic, bound);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isEnum()) {
      return reference(nameOf(raw), schema -> fillEnum(schema, raw));
    }
    if (raw.isRecord()) {
      return reference(nameOf(raw), schema -> fill(schema, raw, Map.of()));
    }
    return ofSimple(raw);
  }

  private Schema ofGeneric(ParameterizedType type, Map<TypeVariable<?>, Type> outer) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (Collection.class.isAssignableFrom(raw)) {
      return OASFactory.createSchema().type(SchemaType.ARRAY).items(of(arguments[0], outer));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return OASFactory.createSchema()
          .type(SchemaType.OBJECT)
          .additionalPropertiesSchema(of(arguments[1], outer));
    }
    Map<TypeVariable<?>, Type> bound = Map.of(raw.getTypeParameters()[0], arguments[0]);
    String name = raw.getSimpleName() + "Of" + ((Class<?>) arguments[0]).getSimpleName();
    return reference(name, schema -> fill(schema, raw, bound));
  }

  private void fill(Schema schema, Class<?> record, Map<TypeVariable<?>, Type> bound) {
    schema.type(SchemaType.OBJECT);
    for (RecordComponent component : record.getRecordComponents()) {
      AnnotatedElement constraints = field(record, component.getName());
      schema.addProperty(
          component.getName(), constrained(of(component.getGenericType(), bound), constraints));
      if (component.getType().isPrimitive() || isRequired(constraints)) {
        schema.addRequired(component.getName());
      }
    }
  }

  private static AnnotatedElement field(Class<?> record, String name) {
    try {
      return record.getDeclaredField(name);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("every record component has a field", e);
    }
  }

  private static boolean isRequired(AnnotatedElement field) {
    return field.isAnnotationPresent(NotNull.class)
        || field.isAnnotationPresent(NotBlank.class)
        || field.isAnnotationPresent(NotEmpty.class);
  }

  private static Schema constrained(Schema schema, AnnotatedElement field) {
    if (field.isAnnotationPresent(Min.class)) {
      schema.minimum(BigDecimal.valueOf(field.getAnnotation(Min.class).value()));
    }
    if (field.isAnnotationPresent(PositiveOrZero.class)) {
      schema.minimum(BigDecimal.ZERO);
    }
    if (field.isAnnotationPresent(Max.class)) {
      schema.maximum(BigDecimal.valueOf(field.getAnnotation(Max.class).value()));
    }
    if (field.isAnnotationPresent(Pattern.class)) {
      schema.pattern("^" + field.getAnnotation(Pattern.class).regexp() + "$");
    }
    if (field.isAnnotationPresent(Size.class)) {
      Size size = field.getAnnotation(Size.class);
      Integer least = size.min() == 0 ? null : Integer.valueOf(size.min());
      if (schema.getType() == SchemaType.ARRAY) {
        schema.minItems(least).maxItems(size.max());
      } else {
        schema.minLength(least).maxLength(size.max());
      }
    }
    return schema;
  }

  private static Schema ofSimple(Class<?> type) {
    Schema schema = OASFactory.createSchema();
    if (type == String.class) {
      return schema.type(SchemaType.STRING);
    }
    if (type == Instant.class) {
      return schema.type(SchemaType.STRING).format("date-time");
    }
    if (type == UUID.class) {
      return schema.type(SchemaType.STRING).format("uuid");
    }
    if (type == boolean.class || type == Boolean.class) {
      return schema.type(SchemaType.BOOLEAN);
    }
    if (type == int.class || type == Integer.class) {
      return schema.type(SchemaType.INTEGER).format("int32");
    }
    if (type == long.class || type == Long.class) {
      return schema.type(SchemaType.INTEGER).format("int64");
    }
    throw new IllegalArgumentException("no description of " + type);
  }

  private static void fillEnum(Schema schema, Class<?> type) {
    schema
        .type(SchemaType.STRING)
        .enumeration(
            Arrays.stream(type.getEnumConstants())
                .<Object>map(constant -> ((Enum<?>) constant).name())
                .toList());
  }

  /** With the name of the type it stands in, if any: there are two that are called Decision. */
  private static String nameOf(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return (outer == null ? "" : outer.getSimpleName()) + type.getSimpleName();
  }

  private Schema reference(String name, Consumer<Schema> filling) {
    if (!components.containsKey(name)) {
      Schema schema = OASFactory.createSchema();
      components.put(name, schema); // before it is filled: records may contain each other
      filling.accept(schema);
    }
    return OASFactory.createSchema().ref(name);
  }
}
