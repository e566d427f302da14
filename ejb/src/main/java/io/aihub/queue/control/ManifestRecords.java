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
 * Numbers take as many bytes as they need, seven bits in each, the low ones first, the eighth set
 * where more follow (LEB128); texts are in UTF-8 after their length. Version 1 had numbers of four
 * and eight bytes; see {@link #upgraded}.
 */
final class ManifestRecords {

  static final byte VERSION = 2;
  static final byte CONTEXT = 1;
  static final byte SUCCEEDED = 2;
  static final byte FAILED = 3;
  static final byte SKIPPED = 4;
  static final int SHA_256_BYTES = 32;
  private static final int LONGEST_NUMBER = 9; // bytes: none is negative

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
    succeeded(name, size, HexFormat.of().parseHex(sha256), attempts);
  }

  private void succeeded(byte[] path, long size, byte[] sha256, int attempts) {
    reserve(path.length + SHA_256_BYTES + 3 * LONGEST_NUMBER);
    text(path);
    number(size);
    out.put(sha256);
    number(attempts);
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
    failed(name, words, attempts);
  }

  private void failed(byte[] failureClass, byte[] message, int attempts) {
    reserve(failureClass.length + message.length + 3 * LONGEST_NUMBER);
    text(failureClass);
    text(message);
    number(attempts);
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
      reserve(1 + name.length + 3 * LONGEST_NUMBER);
      out.put(CONTEXT);
      text(name);
      number(at.getEpochSecond());
      number(at.getNano());
    }
    reserve(1 + LONGEST_NUMBER);
    out.put(kind);
    number(line);
    count++;
  }

  private void text(byte[] encoded) {
    number(encoded.length);
    out.put(encoded);
  }

  private void number(long value) {
    long rest = value;
    while (rest > 127) {
      out.put((byte) ((rest & 127) | 128));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /** Reads a number as it is written here. */
  static long number(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte part = in.get();
    while (part < 0) {
      value |= (long) (part & 127) << shift;
      shift += 7;
      part = in.get();
    }
    return value | ((long) part << shift);
  }

  private void reserve(int bytes) {
    if (out.remaining() < bytes) {
      int size = Math.max(2 * out.capacity(), out.position() + bytes);
      out = ByteBuffer.allocate(size).put(out.flip());
    }
  }

  /** A chunk of version 1, as databases have it from before, in the present one. */
  static byte[] upgraded(byte[] chunk) {
    ManifestRecords records = new ManifestRecords();
    ByteBuffer in = ByteBuffer.wrap(chunk).position(1);
    String machine = null;
    Instant at = null;
    while (in.hasRemaining()) {
      byte kind = in.get();
      if (kind == CONTEXT) {
        byte[] name = oldText(in);
        machine = name.length == 0 ? null : new String(name, StandardCharsets.UTF_8);
        at = Instant.ofEpochSecond(in.getLong(), in.getInt());
        continue;
      }
      records.begin(kind, in.getLong(), machine, at);
      if (kind == SUCCEEDED) {
        byte[] path = oldText(in);
        long size = in.getLong();
        byte[] sha256 = new byte[SHA_256_BYTES];
        in.get(sha256);
        records.succeeded(path, size, sha256, in.getInt());
      } else if (kind == FAILED) {
        records.failed(oldText(in), oldText(in), in.getInt());
      }
    }
    return records.toBytes();
  }

  private static byte[] oldText(ByteBuffer in) {
    byte[] encoded = new byte[in.getInt()];
    in.get(encoded);
    return encoded;
  }

  int count() {
    return count;
  }

  byte[] toBytes() {
    return Arrays.copyOf(out.array(), out.position());
  }
}
