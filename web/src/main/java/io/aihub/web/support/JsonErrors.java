package io.aihub.web.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.aihub.shared.Reason;
import java.util.List;

/** Says where a body is not the JSON that an operation expects. */
record JsonErrors(String field, Reason reason) {

  /** Null where {@code failure} has nothing to do with JSON. */
  static JsonErrors of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonProcessingException refused) {
        return of(refused);
      }
    }
    return null;
  }

  private static JsonErrors of(JsonProcessingException refused) {
    if (!(refused instanceof JsonMappingException value)) {
      return new JsonErrors(
          null,
          Reason.of(
              "request.json.syntax",
              refused.getLocation().getLineNr(),
              refused.getLocation().getColumnNr()));
    }
    String field = field(value.getPath());
    if (field.isEmpty()) {
      return new JsonErrors(null, Reason.of("request.json.invalid"));
    }
    if (value instanceof UnrecognizedPropertyException) {
      return new JsonErrors(field, Reason.of("request.json.unknown", field));
    }
    if (value instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return new JsonErrors(field, Reason.of("request.json.enum", format.getValue()));
    }
    return new JsonErrors(field, Reason.of("request.json.value", field));
  }

  /** As in {@code results[3].line}. */
  private static String field(List<JsonMappingException.Reference> path) {
    StringBuilder field = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() == null) {
        field.append('[').append(step.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return field.toString();
  }
}
