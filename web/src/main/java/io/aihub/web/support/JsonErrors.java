package io.aihub.web.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import io.aihub.shared.Reason;
import jakarta.json.bind.JsonbException;
import jakarta.json.stream.JsonLocation;
import jakarta.json.stream.JsonParsingException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says where a body is not the JSON that an operation expects. */
record JsonErrors(String field, Reason reason) {

  private static final Pattern PROPERTY = Pattern.compile("property '(\\w+)'");
  private static final Pattern ENUM_VALUE = Pattern.compile("No enum constant [\\w.$]+\\.(\\w+)$");

  /** Null where {@code failure} has nothing to do with JSON. */
  static JsonErrors of(Throwable failure) {
    JsonErrors found = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonParsingException syntax) {
        JsonLocation at = syntax.getLocation();
        return new JsonErrors(
            null, Reason.of("request.json.syntax", at.getLineNumber(), at.getColumnNumber()));
      }
      if (cause instanceof JsonProcessingException refused) {
        return of(refused);
      }
      if (cause instanceof JsonbException) {
        Matcher property = PROPERTY.matcher(String.valueOf(cause.getMessage()));
        if (property.find()) {
          found =
              new JsonErrors(property.group(1), Reason.of("request.json.value", property.group(1)));
        } else if (found == null) {
          found = new JsonErrors(null, Reason.of("request.json.invalid"));
        }
      }
      Matcher value = ENUM_VALUE.matcher(String.valueOf(cause.getMessage()));
      if (found != null && value.find()) {
        return new JsonErrors(found.field(), Reason.of("request.json.enum", value.group(1)));
      }
    }
    return found;
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
