package io.aihub.benchmark;

/**
 * What was said with {@code -D} on Maven's command line. Maven hands on what was not said as an
 * empty text or as it stands in the pom.
 */
final class Options {

  private Options() {}

  static String text(String key, String standard) {
    String text = System.getProperty(key, "").strip();
    return text.isEmpty() || text.startsWith("${") ? standard : text;
  }

  static long number(String key, long standard) {
    String text = text(key, String.valueOf(standard));
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("-D" + key + " wants a number, not " + text);
    }
  }

  static boolean is(String key, boolean standard) {
    return Boolean.parseBoolean(text(key, String.valueOf(standard)));
  }
}
