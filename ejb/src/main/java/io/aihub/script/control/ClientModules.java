package io.aihub.script.control;

import io.aihub.shared.WordLists;
import java.util.Set;

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
  private static final ClientModules KNOWN = new ClientModules(new WordLists(RESOURCE));

  private final Set<String> standard;
  private final Set<String> libraries;
  private final Set<String> standIns;
  private final Set<String> broken;

  private ClientModules(WordLists lists) {
    standard = lists.get("standard");
    libraries = lists.get("libraries");
    standIns = lists.get("stand-ins");
    broken = lists.get("broken");
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
}
