package io.aihub.web.support;

import io.aihub.shared.Reason;
import jakarta.json.bind.JsonbException;
import jakarta.json.stream.JsonLocation;
import jakarta.json.stream.JsonParsingException;
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
}
