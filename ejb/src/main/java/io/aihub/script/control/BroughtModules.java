package io.aihub.script.control;

import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.entity.RequirementSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What a script's requirements bring that can be imported. */
public final class BroughtModules {

  /** Of a script without requirements. */
  public static final BroughtModules NONE = new BroughtModules(Set.of());

  /** Of requirements that haven't been resolved. */
  static final BroughtModules AWAITED = new BroughtModules(null);

  private final Set<String> names;

  private BroughtModules(Set<String> names) {
    this.names = names;
  }

  /**
   * What these bring.
   *
   * @param requirements null: nothing
   */
  public static BroughtModules of(RequirementSet requirements) {
    if (requirements == null) {
      return NONE;
    }
    return requirements.state() == RequirementsState.READY
        ? of(
            requirements.pins().stream()
                .flatMap(pin -> pin.modules().stream())
                .collect(Collectors.toSet()))
        : AWAITED;
  }

  static BroughtModules of(Set<String> names) {
    return new BroughtModules(names);
  }

  /** Whether it is known already what they bring. */
  boolean isKnown() {
    return names != null;
  }

  boolean has(String top) {
    return names != null && names.contains(top);
  }
}
