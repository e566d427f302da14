package io.aihub.queue.control;

/** Text from outside in a form that PostgreSQL and every reader accept. */
final class CleanText {

  private static final char REPLACEMENT = '\uFFFD';

  private CleanText() {}

  /**
   * Replaces NUL characters and halves of surrogate pairs, and cuts what is too long.
   *
   * @param text may be null
   * @param limit in UTF-16 units
   */
  static String of(String text, int limit) {
    if (text == null) {
      return null;
    }
    int end = Math.min(text.length(), limit);
    if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder clean = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        clean.append(c).append(text.charAt(++i));
      } else {
        clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return clean.toString();
  }
}
