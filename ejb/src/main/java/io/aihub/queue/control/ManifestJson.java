package io.aihub.queue.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SortedMap;

/**
 * Spells out the records that the database keeps in short: a JSON object a line, in UTF-8, as the
 * manifest in storage has them.
 */
final class ManifestJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String LINE_FIELD = "{\"line\":";

  private final String target;

  /**
   * @param target the task's target path
   */
  ManifestJson(String target) {
    this.target = target;
  }

  /** Adds the records of a chunk by line; a later record of a line replaces an earlier one. */
  void addTo(SortedMap<Long, byte[]> records, byte[] chunk) {
    if (chunk[0] == '{') { // written before there was a short form
      new String(chunk, StandardCharsets.UTF_8)
          .lines()
          .forEach(
              record -> records.put(lineNumber(record), record.getBytes(StandardCharsets.UTF_8)));
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(chunk);
    byte version = in.get();
    if (version != ManifestRecords.VERSION) {
      throw new IllegalStateException("manifest records of version " + version);
    }
    try {
      read(in, records);
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }

  private void read(ByteBuffer in, SortedMap<Long, byte[]> records) throws IOException {
    String machine = "";
    String at = "";
    ByteArrayOutputStream record = new ByteArrayOutputStream(512);
    while (in.hasRemaining()) {
      byte kind = in.get();
      if (kind == ManifestRecords.CONTEXT) {
        machine = text(in);
        at = Instant.ofEpochSecond(in.getLong(), in.getInt()).toString();
        continue;
      }
      long line = in.getLong();
      record.reset();
      try (JsonGenerator json = JSON.createGenerator(record)) {
        json.writeStartObject();
        json.writeNumberField("line", line);
        switch (kind) {
          case ManifestRecords.SUCCEEDED -> succeeded(in, json);
          case ManifestRecords.FAILED -> failed(in, json);
          case ManifestRecords.SKIPPED -> skipped(json);
          default -> throw new IllegalStateException("a manifest record of kind " + kind);
        }
        if (!machine.isEmpty()) {
          json.writeStringField("machine", machine);
        }
        json.writeStringField("at", at);
        json.writeEndObject();
      }
      records.put(line, record.toByteArray());
    }
  }

  private void succeeded(ByteBuffer in, JsonGenerator json) throws IOException {
    json.writeStringField("outcome", "succeeded");
    json.writeStringField("key", TargetPath.key(target, text(in)));
    json.writeNumberField("size", in.getLong());
    byte[] sha256 = new byte[ManifestRecords.SHA_256_BYTES];
    in.get(sha256);
    json.writeStringField("sha256", HexFormat.of().formatHex(sha256));
    json.writeNumberField("attempts", in.getInt());
  }

  private static void failed(ByteBuffer in, JsonGenerator json) throws IOException {
    json.writeStringField("outcome", "failed");
    json.writeStringField("class", text(in));
    json.writeStringField("message", text(in));
    json.writeNumberField("attempts", in.getInt());
  }

  private static void skipped(JsonGenerator json) throws IOException {
    json.writeStringField("outcome", "skipped");
    json.writeStringField("class", "BLANK");
    json.writeStringField("message", "The line is blank.");
  }

  private static String text(ByteBuffer in) {
    byte[] encoded = new byte[in.getInt()];
    in.get(encoded);
    return new String(encoded, StandardCharsets.UTF_8);
  }

  static long lineNumber(String record) {
    return Long.parseLong(
        record, LINE_FIELD.length(), record.indexOf(',', LINE_FIELD.length()), 10);
  }
}
