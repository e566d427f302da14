package io.aihub.queue.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The records of one segment, of which the last of each line counts, spelled out: a JSON object a
 * line, in UTF-8 and in the order of the lines, as the manifest in storage has them.
 */
final class ManifestJson {

  private static final JsonFactory JSON = new JsonFactoryBuilder().rootValueSeparator("\n").build();
  private static final String LINE_FIELD = "{\"line\":";

  private final String target;
  private final SortedMap<Long, Entry> records = new TreeMap<>();

  /**
   * @param target the task's target path
   */
  ManifestJson(String target) {
    this.target = target;
  }

  /** What the records after it have in common. */
  private record Origin(String machine, String at) {}

  /** A record in short, or as the manifest has it where the rest is null. */
  private record Entry(byte kind, Origin origin, ByteBuffer rest, String spelledOut) {}

  /** How many lines have a record. */
  int size() {
    return records.size();
  }

  /** Adds a chunk of {@link ManifestRecords}; its records replace earlier ones of their lines. */
  void add(byte[] chunk) {
    if (chunk[0] == '{') { // written before there was a short form
      new String(chunk, StandardCharsets.UTF_8)
          .lines()
          .forEach(record -> records.put(lineNumber(record), spelledOut(record)));
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(chunk);
    byte version = in.get();
    if (version != ManifestRecords.VERSION) {
      throw new IllegalStateException("manifest records of version " + version);
    }
    Origin origin = null;
    while (in.hasRemaining()) {
      byte kind = in.get();
      if (kind == ManifestRecords.CONTEXT) {
        origin = new Origin(text(in), Instant.ofEpochSecond(in.getLong(), in.getInt()).toString());
      } else {
        long line = in.getLong();
        records.put(line, new Entry(kind, origin, in.slice(), null));
        skip(kind, in);
      }
    }
  }

  /** Adds a record as it stands in a part of the manifest, where its line has none yet. */
  void addMissing(String record) {
    records.putIfAbsent(lineNumber(record), spelledOut(record));
  }

  private static Entry spelledOut(String record) {
    return new Entry((byte) 0, null, null, record);
  }

  private static void skip(byte kind, ByteBuffer in) {
    switch (kind) {
      case ManifestRecords.SUCCEEDED -> {
        skipText(in);
        in.position(in.position() + Long.BYTES + ManifestRecords.SHA_256_BYTES + Integer.BYTES);
      }
      case ManifestRecords.FAILED -> {
        skipText(in);
        skipText(in);
        in.position(in.position() + Integer.BYTES);
      }
      case ManifestRecords.SKIPPED -> {}
      default -> throw new IllegalStateException("a manifest record of kind " + kind);
    }
  }

  private static void skipText(ByteBuffer in) {
    int length = in.getInt();
    in.position(in.position() + length);
  }

  /** Writes all records; may be called once. */
  void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      for (Map.Entry<Long, Entry> entry : records.entrySet()) {
        write(entry.getKey(), entry.getValue(), json);
      }
      json.writeRaw('\n');
    }
  }

  private void write(long line, Entry record, JsonGenerator json) throws IOException {
    if (record.spelledOut() != null) {
      json.writeRawValue(record.spelledOut());
      return;
    }
    json.writeStartObject();
    json.writeNumberField("line", line);
    switch (record.kind()) {
      case ManifestRecords.SUCCEEDED -> succeeded(record.rest(), json);
      case ManifestRecords.FAILED -> failed(record.rest(), json);
      default -> skipped(json);
    }
    if (!record.origin().machine().isEmpty()) {
      json.writeStringField("machine", record.origin().machine());
    }
    json.writeStringField("at", record.origin().at());
    json.writeEndObject();
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

  private static long lineNumber(String record) {
    return Long.parseLong(
        record, LINE_FIELD.length(), record.indexOf(',', LINE_FIELD.length()), 10);
  }
}
