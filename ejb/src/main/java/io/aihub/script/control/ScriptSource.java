package io.aihub.script.control;

import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The source of a script that may be kept: up to 1 MiB of UTF-8 that {@link ScriptReview} has no
 * error for. A byte order mark at its beginning, as Windows editors leave it, is dropped.
 */
public record ScriptSource(String text, String sha256) {

  public static final int MAX_BYTES = 1 << 20;

  /**
   * Checks a source.
   *
   * @param field how the sender calls the source, for the error
   */
  public static ScriptSource of(String field, byte[] source) {
    if (source == null || source.length == 0) {
      throw new InvalidException(field, "input.required", field);
    }
    if (source.length > MAX_BYTES) {
      throw new InvalidException(field, "script.large", MAX_BYTES);
    }
    String text = decode(field, source);
    if (text.indexOf('\0') >= 0) {
      throw new InvalidException(field, "script.nul");
    }
    List<FieldError> errors =
        ScriptReview.of(text).stream()
            .filter(Finding::error)
            .map(finding -> new FieldError(field, finding.reason(), finding.at()))
            .toList();
    if (!errors.isEmpty()) {
      throw new InvalidException(errors);
    }
    return new ScriptSource(text, sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String decode(String field, byte[] source) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidException(field, "script.charset");
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
