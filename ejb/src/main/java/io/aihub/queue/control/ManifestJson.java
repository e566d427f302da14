package io.aihub.queue.control;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * Spells out the records that the database keeps in short: a JSON object a line, as the manifest in
 * storage has them.
 */
final class ManifestJson {

  private static final JsonGeneratorFactory JSON = Json.createGeneratorFactory(Map.of());
  private static final String LINE_FIELD = "{\"line\":";

  private final String target;

  /**
   * @param target the task's target path
   */
  ManifestJson(String target) {
    this.target = target;
  }

  /** Adds the records of a chunk by line; a later record of a line replaces an earlier one. */
  void addTo(SortedMap<Long, String> records, byte[] chunk) {
    if (chunk[0] == '{') { // written before there was a short form
      new String(chunk, StandardCharsets.UTF_8)
          .lines()
          .forEach(record -> records.put(lineNumber(record), record));
      return;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(chunk))) {
      int version = in.readUnsignedByte();
      if (version != ManifestRecords.VERSION) {
        throw new IllegalStateException("manifest records of version " + version);
      }
      read(in, records);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private void read(DataInputStream in, SortedMap<Long, String> records) throws IOException {
    String machine = "";
    String at = "";
    while (in.available() > 0) {
      int kind = in.readUnsignedByte();
      if (kind == ManifestRecords.CONTEXT) {
        machine = text(in);
        at = Instant.ofEpochSecond(in.readLong(), in.readInt()).toString();
        continue;
      }
      long line = in.readLong();
      StringWriter record = new StringWriter();
      try (JsonGenerator json = JSON.createGenerator(record)) {
        json.writeStartObject().write("line", line);
        switch (kind) {
          case ManifestRecords.SUCCEEDED -> succeeded(in, json);
          case ManifestRecords.FAILED -> failed(in, json);
          case ManifestRecords.SKIPPED ->
              json.write("outcome", "skipped")
                  .write("class", "BLANK")
                  .write("message", "The line is blank.");
          default -> throw new IllegalStateException("a manifest record of kind " + kind);
        }
        if (!machine.isEmpty()) {
          json.write("machine", machine);
        }
        json.write("at", at).writeEnd();
      }
      records.put(line, record.toString());
    }
  }

  private void succeeded(DataInputStream in, JsonGenerator json) throws IOException {
    json.write("outcome", "succeeded")
        .write("key", TargetPath.key(target, text(in)))
        .write("size", in.readLong())
        .write("sha256", HexFormat.of().formatHex(in.readNBytes(ManifestRecords.SHA_256_BYTES)))
        .write("attempts", in.readInt());
  }

  private static void failed(DataInputStream in, JsonGenerator json) throws IOException {
    json.write("outcome", "failed")
        .write("class", text(in))
        .write("message", text(in))
        .write("attempts", in.readInt());
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  static long lineNumber(String record) {
    return Long.parseLong(
        record, LINE_FIELD.length(), record.indexOf(',', LINE_FIELD.length()), 10);
  }
}
