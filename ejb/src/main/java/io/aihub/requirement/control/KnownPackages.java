package io.aihub.requirement.control;

import io.aihub.requirement.api.KnownPackagesView;
import io.aihub.shared.WordLists;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What is known of packages on the clients of this version, by name as PEP 503 normalises it. The
 * list is a resource beside the wire records; a test of the client holds it to what the client
 * carries.
 */
public final class KnownPackages {

  private static final String RESOURCE = "/io/aihub/requirement/api/packages.properties";
  private static final KnownPackages KNOWN = new KnownPackages(new WordLists(RESOURCE));

  private final Set<String> builtIn;
  private final Set<String> works;
  private final Set<String> compiled;
  private final Set<String> fails;

  private KnownPackages(WordLists lists) {
    builtIn = lists.get("built-in");
    works = lists.get("works");
    compiled = lists.get("compiled");
    fails = lists.get("fails");
  }

  public static KnownPackages known() {
    return KNOWN;
  }

  /** Clients have it, in a version of their own. */
  public boolean isBuiltIn(String name) {
    return builtIn.contains(name);
  }

  /** There is no pure wheel of it. */
  public boolean isCompiled(String name) {
    return compiled.contains(name);
  }

  /** It can be installed, and fails when it is used. */
  public boolean isFailing(String name) {
    return fails.contains(name);
  }

  /** What clients have, for people. */
  public String builtIn() {
    return String.join(", ", builtIn);
  }

  /** What was tried and works, for people. */
  public String works() {
    return String.join(", ", works);
  }

  public KnownPackagesView view() {
    return new KnownPackagesView(
        List.copyOf(builtIn), List.copyOf(works), List.copyOf(compiled), List.copyOf(fails));
  }

  /** As PEP 503 has it. */
  static String normalised(String name) {
    return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
  }
}
