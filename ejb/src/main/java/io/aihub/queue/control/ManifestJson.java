package io.aihub.queue.control;

import static io.aihub.queue.control.ManifestRecords.number;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The records of one segment, of which the last of each line counts, spelled out: a JSON object a
 * line, in UTF-8 and in the order of the lines, as the manifest in storage has them.
 */
final class ManifestJson {

  private static final JsonFactory JSON = new JsonFactoryBuilder().rootValueSeparator("\n").build();
  private static final String LINE_FIELD = "{\"line\":";

  // Encoded once, for they are written for each line that is ever downloaded.
  private static final SerializedString LINE = new SerializedString("line");
  private static final SerializedString OUTCOME = new SerializedString("outcome");
  private static final SerializedString SUCCEEDED = new SerializedString("succeeded");
  private static final SerializedString KEY = new SerializedString("key");
  private static final SerializedString SIZE = new SerializedString("size");
  private static final SerializedString SHA_256 = new SerializedString("sha256");
  private static final SerializedString ATTEMPTS = new SerializedString("attempts");
  private static final SerializedString MACHINE = new SerializedString("machine");
  private static final SerializedString AT = new SerializedString("at");
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] keyPrefix;
  private final long firstLine;
  private final Entry[] records;
  private final byte[] hex = new byte[2 * ManifestRecords.SHA_256_BYTES];
  private int size;

  /**
   * @param target the task's target path
   * @param firstLine number of the segment's first line
   */
  ManifestJson(String target, long firstLine, int lineCount) {
    this.keyPrefix = TargetPath.key(target, "").getBytes(StandardCharsets.UTF_8);
    this.firstLine = firstLine;
    this.records = new Entry[lineCount];
  }

  /** What the records after it have in common. */
  private record Origin(SerializedString machine, SerializedString at) {

    static Origin read(ByteBuffer in) {
      String machine = text(in);
      Instant at = Instant.ofEpochSecond(number(in), number(in));
      return new Origin(
          machine.isEmpty() ? null : new SerializedString(machine),
          new SerializedString(at.toString()));
    }
  }

  /** A record in short, or as the manifest has it where the rest is null. */
  private record Entry(byte kind, Origin origin, ByteBuffer rest, String spelledOut) {}

  /** How many lines have a record. */
  int size() {
    return size;
  }

  /** Adds a chunk of {@link ManifestRecords}; its records replace earlier ones of their lines. */
  void add(byte[] chunk) {
    if (chunk[0] == '{') { // written before there was a short form
      new String(chunk, StandardCharsets.UTF_8)
          .lines()
          .forEach(record -> put(lineNumber(record), spelledOut(record)));
      return;
    }
    switch (chunk[0]) {
      case 1 -> addRecords(ManifestRecords.upgraded(chunk));
      case ManifestRecords.VERSION -> addRecords(chunk);
      default -> throw new IllegalStateException("manifest records of version " + chunk[0]);
    }
  }

  private void addRecords(byte[] chunk) {
    ByteBuffer in = ByteBuffer.wrap(chunk).position(1);
    Origin origin = null;
    while (in.hasRemaining()) {
      byte kind = in.get();
      if (kind == ManifestRecords.CONTEXT) {
        origin = Origin.read(in);
      } else {
        long line = number(in);
        put(line, new Entry(kind, origin, in.slice(), null));
        skip(kind, in);
      }
    }
  }

  /** Adds a record as it stands in a part of the manifest, where its line has none yet. */
  void addMissing(String record) {
    long line = lineNumber(record);
    if (records[index(line)] == null) {
      put(line, spelledOut(record));
    }
  }

  private void put(long line, Entry entry) {
    int index = index(line);
    size += records[index] == null ? 1 : 0;
    records[index] = entry;
  }

  private int index(long line) {
    return Math.toIntExact(line - firstLine);
  }

  private static Entry spelledOut(String record) {
    return new Entry((byte) 0, null, null, record);
  }

  private static void skip(byte kind, ByteBuffer in) {
    switch (kind) {
      case ManifestRecords.SUCCEEDED -> {
        skipText(in);
        number(in);
        in.position(in.position() + ManifestRecords.SHA_256_BYTES);
        number(in);
      }
      case ManifestRecords.FAILED -> {
        skipText(in);
        skipText(in);
        number(in);
      }
      case ManifestRecords.SKIPPED -> {}
      default -> throw new IllegalStateException("a manifest record of kind " + kind);
    }
  }

  private static void skipText(ByteBuffer in) {
    int length = (int) number(in);
    in.position(in.position() + length);
  }

  /** Writes all records; may be called once. */
  void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      for (int i = 0; i < records.length; i++) {
        if (records[i] != null) {
          write(firstLine + i, records[i], json);
        }
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
    json.writeFieldName(LINE);
    json.writeNumber(line);
    switch (record.kind()) {
      case ManifestRecords.SUCCEEDED -> succeeded(record.rest(), json);
      case ManifestRecords.FAILED -> failed(record.rest(), json);
      default -> skipped(json);
    }
    if (record.origin().machine() != null) {
      json.writeFieldName(MACHINE);
      json.writeString(record.origin().machine());
    }
    json.writeFieldName(AT);
    json.writeString(record.origin().at());
    json.writeEndObject();
  }

  private void succeeded(ByteBuffer in, JsonGenerator json) throws IOException {
    json.writeFieldName(OUTCOME);
    json.writeString(SUCCEEDED);
    json.writeFieldName(KEY);
    byte[] key = Arrays.copyOf(keyPrefix, keyPrefix.length + (int) number(in));
    in.get(key, keyPrefix.length, key.length - keyPrefix.length);
    json.writeUTF8String(key, 0, key.length);
    json.writeFieldName(SIZE);
    json.writeNumber(number(in));
    json.writeFieldName(SHA_256);
    for (int i = 0; i < hex.length; i += 2) {
      byte pair = in.get();
      hex[i] = HEX[pair >> 4 & 15];
      hex[i + 1] = HEX[pair & 15];
    }
    json.writeRawUTF8String(hex, 0, hex.length);
    json.writeFieldName(ATTEMPTS);
    json.writeNumber(number(in));
  }

  private static void failed(ByteBuffer in, JsonGenerator json) throws IOException {
    json.writeStringField("outcome", "failed");
    json.writeStringField("class", text(in));
    json.writeStringField("message", text(in));
    json.writeNumberField("attempts", number(in));
  }

  private static void skipped(JsonGenerator json) throws IOException {
    json.writeStringField("outcome", "skipped");
    json.writeStringField("class", "BLANK");
    json.writeStringField("message", "The line is blank.");
  }

  private static String text(ByteBuffer in) {
    byte[] encoded = new byte[(int) number(in)];
    in.get(encoded);
    return new String(encoded, StandardCharsets.UTF_8);
  }

  private static long lineNumber(String record) {
    return Long.parseLong(
        record, LINE_FIELD.length(), record.indexOf(',', LINE_FIELD.length()), 10);
  }
}
