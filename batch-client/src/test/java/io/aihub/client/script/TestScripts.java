package io.aihub.client.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Scripts made from their text. */
public final class TestScripts {

  private static final Pattern FUNCTION =
      Pattern.compile("^def ((?:timeout|script|output|none|file)_\\w+)\\(d\\):", Pattern.MULTILINE);

  private TestScripts() {}

  static Script script(String source) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
      return new Script(HexFormat.of().formatHex(hash), source);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** hostile.py: all that a script can do to its client. */
  public static Script hostile() {
    try (InputStream source = TestScripts.class.getResourceAsStream("hostile.py")) {
      return script(new String(source.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The lines that hostile.py takes. */
  public static List<String> hostileFunctions() {
    return FUNCTION.matcher(hostile().source()).results().map(found -> found.group(1)).toList();
  }

  /**
   * When a function of hostile.py came to its limit, by what it printed then; empty where it was
   * stopped before it could.
   */
  public static Optional<Instant> timeOfLimit(String output) {
    return (output == null ? "" : output)
        .lines()
        .filter(line -> line.matches("[0-9.]+"))
        .reduce((former, line) -> line)
        .map(last -> Instant.ofEpochMilli((long) (1000 * Double.parseDouble(last))));
  }
}
