package io.aihub.queue.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipBufferTest {

  private static final String HEX = "0123456789abcdef";

  /** Half template and half noise, as a manifest is; noise alone where it is short. */
  private static byte[] records(int bytes) {
    Random random = new Random(bytes);
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes) {
      for (int i = 0; i < 64; i++) {
        text.append(HEX.charAt(random.nextInt(HEX.length())));
      }
      text.append("\",\"outcome\":\"succeeded\",\"attempts\":1,\"machine\":\"tokyo-1\"}\n");
    }
    return text.substring(0, bytes).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);
    return noise;
  }

  private static GzipBuffer filled(byte[] content) {
    GzipBuffer buffer = GzipBuffer.take();
    buffer.writeBytes(content);
    return buffer;
  }

  private static byte[] unpacked(byte[] gzip) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 65_536, 2_500_000, 40_000_000})
  void zlibPacksAll(int bytes) throws IOException {
    byte[] records = records(bytes);

    assertThat(unpacked(filled(records).toGzip(GzipBuffer.zlib()))).isEqualTo(records);
    byte[] noise = noise(bytes);
    assertThat(unpacked(filled(noise).toGzip(GzipBuffer.zlib()))).isEqualTo(noise);
  }

  @Test
  void aBufferThatWasUsedBeforeIsEmpty() throws IOException {
    GzipBuffer used = filled(records(100_000));
    used.toGzip();
    used.giveBack();

    assertThat(unpacked(filled(records(7)).toGzip())).isEqualTo(records(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 65_536, 2_500_000, 40_000_000})
  void isalPacksAllAndNotWorse(int bytes) throws IOException {
    assumeTrue(GzipBuffer.isX86(), "ISA-L is for x86-64");
    byte[] records = records(bytes);

    byte[] packed = filled(records).toGzip(GzipBuffer.isal());

    assertThat(unpacked(packed)).isEqualTo(records);
    int byZlib = filled(records).toGzip(GzipBuffer.zlib()).length;
    assertThat(packed.length).isLessThan(byZlib + byZlib / 20 + 64);
    byte[] noise = noise(bytes);
    assertThat(unpacked(filled(noise).toGzip(GzipBuffer.isal()))).isEqualTo(noise);
  }
}
