package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Manifest records in the making, each for a line with a final outcome, in the compact form in
 * which the database keeps them until {@link ManifestJson} spells them out. A chunk begins with
 * {@value #VERSION}; then come records, each led by its kind:
 *
 * <ul>
 *   <li>{@value #CONTEXT}: the machine and the time of the records that follow
 *   <li>{@value #SUCCEEDED}: line, path below the target, size, SHA-256, attempts
 *   <li>{@value #FAILED}: line, class, message, attempts
 *   <li>{@value #SKIPPED}: line
 * </ul>
 *
 * Numbers and the lengths of texts are big-endian, texts in UTF-8.
 */
final class ManifestRecords {

  static final byte VERSION = 1;
  static final byte CONTEXT = 1;
  static final byte SUCCEEDED = 2;
  static final byte FAILED = 3;
  static final byte SKIPPED = 4;
  static final int SHA_256_BYTES = 32;

  private ByteBuffer out = ByteBuffer.allocate(4 * 1024);
  private String machine;
  private Instant at;
  private int count;

  /**
   * @param path below the task's target path
   */
  void succeeded(
      long line, String path, long size, String sha256, int attempts, String machine, Instant at) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    begin(SUCCEEDED, line, machine, at);
    reserve(Integer.BYTES + name.length + Long.BYTES + SHA_256_BYTES + Integer.BYTES);
    text(name);
    out.putLong(size).put(HexFormat.of().parseHex(sha256)).putInt(attempts);
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
    byte[] name = failureClass.name().getBytes(StandardCharsets.UTF_8);
    byte[] words = (message == null ? "" : message).getBytes(StandardCharsets.UTF_8);
    begin(FAILED, line, machine, at);
    reserve(3 * Integer.BYTES + name.length + words.length);
    text(name);
    text(words);
    out.putInt(attempts);
  }

  void skipped(long line, Instant at) {
    begin(SKIPPED, line, null, at);
  }

  private void begin(byte kind, long line, String byMachine, Instant when) {
    if (count == 0) {
      out.put(VERSION);
    }
    if (count == 0 || !Objects.equals(byMachine, machine) || !when.equals(at)) {
      machine = byMachine;
      at = when;
      byte[] name = (machine == null ? "" : machine).getBytes(StandardCharsets.UTF_8);
      reserve(1 + Integer.BYTES + name.length + Long.BYTES + Integer.BYTES);
      out.put(CONTEXT);
      text(name);
      out.putLong(at.getEpochSecond()).putInt(at.getNano());
    }
    reserve(1 + Long.BYTES);
    out.put(kind).putLong(line);
    count++;
  }

  private void text(byte[] encoded) {
    out.putInt(encoded.length).put(encoded);
  }

  private void reserve(int bytes) {
    if (out.remaining() < bytes) {
      int size = Math.max(2 * out.capacity(), out.position() + bytes);
      out = ByteBuffer.allocate(size).put(out.flip());
    }
  }

  int count() {
    return count;
  }

  byte[] toBytes() {
    return Arrays.copyOf(out.array(), out.position());
  }
}
