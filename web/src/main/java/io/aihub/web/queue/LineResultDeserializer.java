package io.aihub.web.queue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.Outcome;
import java.io.IOException;

/**
 * Reads what became of a line, as Jackson would do by itself but in half of the time: there is one
 * for each line that is ever downloaded, and Jackson gathers a record's values in a list of
 * properties before it makes the record by reflection.
 */
final class LineResultDeserializer extends StdDeserializer<LineResult> {

  private static final long serialVersionUID = 1L;
  private static final String SUCCEEDED = Outcome.SUCCEEDED.name();

  LineResultDeserializer() {
    super(LineResult.class);
  }

  @Override
  public LineResult deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    if (!json.isExpectedStartObjectToken()) {
      return (LineResult) context.handleUnexpectedToken(LineResult.class, json);
    }
    Draft draft = new Draft();
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      try {
        draft.read(field, json.nextToken(), json, context);
      } catch (IOException wrong) {
        throw JsonMappingException.wrapWithPath(wrong, LineResult.class, field);
      }
    }
    return draft.result();
  }

  /** The values read so far. */
  private static final class Draft {

    private long line;
    private Outcome outcome;
    private String path;
    private Long size;
    private String sha256;
    private FailureClass failureClass;
    private String message;
    private String output;
    private Integer retryAfterSeconds;

    void read(String field, JsonToken value, JsonParser json, DeserializationContext context)
        throws IOException {
      switch (field) {
        case "line" -> line = number(value, json, context, Long.TYPE);
        case "outcome" -> outcome = readOutcome(value, json, context);
        case "path" -> path = text(value, json, context);
        case "size" -> size = number(value, json, context, Long.class);
        case "sha256" -> sha256 = text(value, json, context);
        case "failureClass" -> failureClass = context.readValue(json, FailureClass.class);
        case "message" -> message = text(value, json, context);
        case "output" -> output = text(value, json, context);
        case "retryAfterSeconds" -> retryAfterSeconds = context.readValue(json, Integer.class);
        default -> json.skipChildren();
      }
    }

    private static Long number(
        JsonToken value, JsonParser json, DeserializationContext context, Class<Long> type)
        throws IOException {
      return value == JsonToken.VALUE_NUMBER_INT
          ? (Long) json.getLongValue()
          : context.readValue(json, type);
    }

    private static Outcome readOutcome(
        JsonToken value, JsonParser json, DeserializationContext context) throws IOException {
      return value == JsonToken.VALUE_STRING && json.getText().equals(SUCCEEDED)
          ? Outcome.SUCCEEDED
          : context.readValue(json, Outcome.class);
    }

    private static String text(JsonToken value, JsonParser json, DeserializationContext context)
        throws IOException {
      return value == JsonToken.VALUE_STRING
          ? json.getText()
          : context.readValue(json, String.class);
    }

    LineResult result() {
      return new LineResult(
          line, outcome, path, size, sha256, failureClass, message, output, retryAfterSeconds);
    }
  }
}
