package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ManifestRecordsTest {

  private static final Instant AT = Instant.parse("2026-11-25T08:00:00.000123Z");
  private static final String SHA_256 = "0123456789abcdef".repeat(4);

  @Test
  void everyRecordIsSpelledOutAsItWasPut() throws IOException {
    ManifestRecords records = new ManifestRecords();
    records.succeeded(127, "目录/a.pdf", 128, SHA_256, 1, "tokyo-1", AT);
    records.succeeded(128, "b", 5_000_000_000_000L, SHA_256, 300, "tokyo-1", AT);
    records.failed(129, FailureClass.HTTP_4xx, "gone", 3, null, AT);
    records.failed(130, FailureClass.TIMEOUT, null, 1, "tokyo-1", AT);
    records.skipped(131, AT);

    assertThat(spelledOut(127, 5, records.toBytes()))
        .isEqualTo(
            """
            {"line":127,"outcome":"succeeded","key":"to/目录/a.pdf","size":128,"sha256":"%1$s","attempts":1,"machine":"tokyo-1","at":"%2$s"}
            {"line":128,"outcome":"succeeded","key":"to/b","size":5000000000000,"sha256":"%1$s","attempts":300,"machine":"tokyo-1","at":"%2$s"}
            {"line":129,"outcome":"failed","class":"HTTP_4xx","message":"gone","attempts":3,"at":"%2$s"}
            {"line":130,"outcome":"failed","class":"TIMEOUT","message":"","attempts":1,"machine":"tokyo-1","at":"%2$s"}
            {"line":131,"outcome":"skipped","class":"BLANK","message":"The line is blank.","at":"%2$s"}
            """
                .formatted(SHA_256, AT));
  }

  @Test
  void recordsOfVersionOneAreReadAsWell() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream old = new DataOutputStream(bytes);
    old.writeByte(1);
    old.writeByte(ManifestRecords.CONTEXT);
    text(old, "tokyo-1");
    old.writeLong(AT.getEpochSecond());
    old.writeInt(AT.getNano());
    old.writeByte(ManifestRecords.SUCCEEDED);
    old.writeLong(1);
    text(old, "a");
    old.writeLong(20_000);
    old.write(HexFormat.of().parseHex(SHA_256));
    old.writeInt(2);
    old.writeByte(ManifestRecords.FAILED);
    old.writeLong(2);
    text(old, "DNS");
    text(old, "no such host");
    old.writeInt(1);
    old.writeByte(ManifestRecords.SKIPPED);
    old.writeLong(3);
    ManifestRecords now = new ManifestRecords();
    now.succeeded(1, "a", 20_000, SHA_256, 2, "tokyo-1", AT);
    now.failed(2, FailureClass.DNS, "no such host", 1, "tokyo-1", AT);
    now.skipped(3, AT);

    String before = spelledOut(1, 3, bytes.toByteArray());

    assertThat(before.lines().limit(2))
        .isEqualTo(spelledOut(1, 3, now.toBytes()).lines().limit(2).toList());
    assertThat(before).contains("{\"line\":3,\"outcome\":\"skipped\"");
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(encoded.length);
    out.write(encoded);
  }

  private static String spelledOut(long firstLine, int lines, byte[] chunk) throws IOException {
    ManifestJson json = new ManifestJson("to", firstLine, lines);
    json.add(chunk);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    json.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
