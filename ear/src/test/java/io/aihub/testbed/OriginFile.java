package io.aihub.testbed;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * One file of an {@link Origin}. Its bytes are made from a seed whenever they are asked for.
 *
 * @param number from 0; part of its address
 * @param key where the demo's index wants it below the output directory, without a leading slash
 * @param size bytes
 * @param behaviour how the origin answers
 * @param https by which server
 * @param seed what the bytes are made from
 */
public record OriginFile(
    int number, String key, int size, Behaviour behaviour, boolean https, long seed) {

  /** How the origin answers a request for the file. */
  public enum Behaviour {
    PLAIN,
    /** A 302 to the file's real address. */
    REDIRECT,
    /** 500 the first time. */
    ONCE_500,
    /** 429 with Retry-After the first time. */
    ONCE_429,
    ALWAYS_404,
    ALWAYS_403,
    /** 429 with Retry-After every time. */
    ALWAYS_429,
    ALWAYS_500,
    /** No answer within any patience of the script. */
    SILENT;

    /** Whether a script that tries again gets the file. */
    public boolean isObtainable() {
      return switch (this) {
        case PLAIN, REDIRECT, ONCE_500, ONCE_429 -> true;
        case ALWAYS_404, ALWAYS_403, ALWAYS_429, ALWAYS_500, SILENT -> false;
      };
    }
  }

  public byte[] content() {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed + number).nextBytes(bytes);
    return bytes;
  }

  /** 64 lower-case hexadecimal digits. */
  public String sha256() {
    return sha256Of(content());
  }

  static String sha256Of(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
