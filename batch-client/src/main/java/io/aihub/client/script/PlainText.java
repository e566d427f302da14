package io.aihub.client.script;

/**
 * Text of a script's making, made fit for logs, databases and terminals: what would move a cursor,
 * turn the direction of writing or isn't Unicode is shown as a sign instead. Markup stays as it is,
 * for pages show it as text.
 */
final class PlainText {

  /** What the failure log keeps of a message; the server takes no report with a longer one. */
  static final int MAX_MESSAGE = 4000;

  private static final char UNKNOWN = '\uFFFD';
  private static final int CONTROL_PICTURES = 0x2400;

  private PlainText() {}

  /** The beginning of the text, as long as a message may be. */
  static String message(String text) {
    String plain = of(text);
    return plain.length() <= MAX_MESSAGE ? plain : plain.substring(0, MAX_MESSAGE - 1) + "…";
  }

  /** The text with line feeds and tabs as its only control characters. */
  static String of(String text) {
    int first = 0;
    while (first < text.length() && text.charAt(first) < 0x7f && isHarmless(text.charAt(first))) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHarmless(c)) {
        plain.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        plain.append(c).append(text.charAt(++i));
      } else if (c == '\r') {
        if (i + 1 == text.length() || text.charAt(i + 1) != '\n') {
          plain.append('\n'); // a progress bar begins its line again
        }
      } else if (c < ' ') {
        plain.append((char) (CONTROL_PICTURES + c));
      } else {
        plain.append(UNKNOWN);
      }
    }
    return plain.toString();
  }

  private static boolean isHarmless(char c) {
    if (c < ' ') {
      return c == '\n' || c == '\t';
    }
    return c < 0x7f
        || (c >= 0xa0
            && !Character.isSurrogate(c)
            && !isOfDirection(c)
            && c != '\u2028'
            && c != '\u2029'
            && c < '\uFFFE');
  }

  /** The characters behind “Trojan Source”: they show a text in another order than it has. */
  private static boolean isOfDirection(char c) {
    return (c >= '\u202A' && c <= '\u202E')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200E'
        || c == '\u200F'
        || c == '\u061C';
  }
}
