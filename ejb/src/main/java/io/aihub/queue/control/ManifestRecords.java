package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;

/** Manifest records in the making: one JSON object a line, each for a line with a final outcome. */
final class ManifestRecords {

  private static final JsonGeneratorFactory JSON = Json.createGeneratorFactory(Map.of());

  private final StringWriter text = new StringWriter();
  private int count;

  void succeeded(
      long line, String key, long size, String sha256, int attempts, String machine, Instant at) {
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject()
          .write("line", line)
          .write("outcome", "succeeded")
          .write("key", key)
          .write("size", size)
          .write("sha256", sha256)
          .write("attempts", attempts)
          .write("machine", machine)
          .write("at", at.toString())
          .writeEnd();
    }
    end();
  }

  /**
   * @param machine null where no machine has tried it
   */
  void failed(
      long line,
      FailureClass failureClass,
      String message,
      int attempts,
      String machine,
      Instant at) {
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject()
          .write("line", line)
          .write("outcome", "failed")
          .write("class", failureClass.name())
          .write("message", message == null ? "" : message)
          .write("attempts", attempts);
      if (machine != null) {
        json.write("machine", machine);
      }
      json.write("at", at.toString()).writeEnd();
    }
    end();
  }

  void skipped(long line, Instant at) {
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject()
          .write("line", line)
          .write("outcome", "skipped")
          .write("class", "BLANK")
          .write("message", "The line is blank.")
          .write("at", at.toString())
          .writeEnd();
    }
    end();
  }

  private void end() {
    text.append('\n');
    count++;
  }

  int count() {
    return count;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
