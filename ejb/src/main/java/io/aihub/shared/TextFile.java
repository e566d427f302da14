package io.aihub.shared;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Texts that people hand in as files. */
public final class TextFile {

  private TextFile() {}

  /**
   * The text of a file in UTF-8. A byte order mark at its beginning, as Windows editors leave it,
   * is dropped.
   *
   * @param field how the sender calls the file
   * @param what prefix of the errors' codes, which end in {@code large}, {@code charset} and {@code
   *     nul}
   * @throws InvalidException it is larger than {@code maxBytes}, or no text
   */
  public static String read(String field, String what, byte[] file, int maxBytes) {
    if (file.length > maxBytes) {
      throw new InvalidException(field, what + ".large", maxBytes);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidException(field, what + ".charset");
    }
    if (text.indexOf('\0') >= 0) {
      throw new InvalidException(field, what + ".nul");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** SHA-256 of the text in UTF-8: 64 lower-case hexadecimal digits. */
  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
