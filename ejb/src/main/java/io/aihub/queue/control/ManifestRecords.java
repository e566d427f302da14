package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
 * Numbers and the lengths of texts are written as {@link DataOutputStream} does, texts in UTF-8.
 */
final class ManifestRecords {

  static final int VERSION = 1;
  static final int CONTEXT = 1;
  static final int SUCCEEDED = 2;
  static final int FAILED = 3;
  static final int SKIPPED = 4;
  static final int SHA_256_BYTES = 32;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final DataOutputStream out = new DataOutputStream(bytes);
  private String machine;
  private Instant at;
  private int count;

  /**
   * @param path below the task's target path
   */
  void succeeded(
      long line, String path, long size, String sha256, int attempts, String machine, Instant at) {
    try {
      begin(SUCCEEDED, line, machine, at);
      text(path);
      out.writeLong(size);
      out.write(HexFormat.of().parseHex(sha256));
      out.writeInt(attempts);
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
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
    try {
      begin(FAILED, line, machine, at);
      text(failureClass.name());
      text(message == null ? "" : message);
      out.writeInt(attempts);
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }

  void skipped(long line, Instant at) {
    try {
      begin(SKIPPED, line, null, at);
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }

  private void begin(int kind, long line, String byMachine, Instant when) throws IOException {
    if (count == 0) {
      out.writeByte(VERSION);
    }
    if (count == 0 || !Objects.equals(byMachine, machine) || !when.equals(at)) {
      machine = byMachine;
      at = when;
      out.writeByte(CONTEXT);
      text(machine == null ? "" : machine);
      out.writeLong(at.getEpochSecond());
      out.writeInt(at.getNano());
    }
    out.writeByte(kind);
    out.writeLong(line);
    count++;
  }

  private void text(String text) throws IOException {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(encoded.length);
    out.write(encoded);
  }

  int count() {
    return count;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
