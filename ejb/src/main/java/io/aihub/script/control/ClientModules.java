package io.aihub.script.control;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the clients of this version let scripts import. The list is a resource beside the wire
 * records; a test of the client tries every module in it.
 */
final class ClientModules {

  /** How clients stand to a module. */
  enum Standing {
    AVAILABLE,
    /** Its import passes, its use fails. */
    STAND_IN,
    /** A part of Python that GraalPy can't load without native access. */
    BROKEN,
    UNKNOWN
  }

  private static final String RESOURCE = "/io/aihub/script/api/modules.properties";
  private static final ClientModules KNOWN = read();

  private final Set<String> standard;
  private final Set<String> libraries;
  private final Set<String> standIns;
  private final Set<String> broken;

  private ClientModules(Properties lists) {
    standard = list(lists, "standard");
    libraries = list(lists, "libraries");
    standIns = list(lists, "stand-ins");
    broken = list(lists, "broken");
  }

  static ClientModules known() {
    return KNOWN;
  }

  /**
   * Looks a module up.
   *
   * @param top its name up to the first dot
   */
  Standing standing(String top) {
    if (standard.contains(top) || libraries.contains(top)) {
      return Standing.AVAILABLE;
    }
    if (standIns.contains(top)) {
      return Standing.STAND_IN;
    }
    return broken.contains(top) ? Standing.BROKEN : Standing.UNKNOWN;
  }

  /** The libraries beside Python's own, for people. */
  String libraries() {
    return String.join(", ", libraries);
  }

  private static Set<String> list(Properties lists, String key) {
    return new TreeSet<>(Set.of(lists.getProperty(key).trim().split("\\s+")));
  }

  private static ClientModules read() {
    Properties lists = new Properties();
    try (Reader text =
        new InputStreamReader(
            Objects.requireNonNull(ClientModules.class.getResourceAsStream(RESOURCE)),
            StandardCharsets.UTF_8)) {
      lists.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ClientModules(lists);
  }
}
