package io.aihub.shared;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Sets of words in a properties file of the application: each value is one, by white space. */
public final class WordLists {

  private final Properties lists = new Properties();

  /**
   * Reads a file.
   *
   * @param resource its absolute name on the class path
   */
  public WordLists(String resource) {
    try (Reader text =
        new InputStreamReader(
            Objects.requireNonNull(WordLists.class.getResourceAsStream(resource)),
            StandardCharsets.UTF_8)) {
      lists.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the order of the alphabet. */
  public Set<String> get(String key) {
    return new TreeSet<>(Set.of(lists.getProperty(key).trim().split("\\s+")));
  }
}
