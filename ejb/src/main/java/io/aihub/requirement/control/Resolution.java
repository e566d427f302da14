package io.aihub.requirement.control;

import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What machines report of requirements, looked at. */
public final class Resolution {

  private Resolution() {}

  /**
   * Holds pins to what they are said to come of. That they are the right ones is not for the server
   * to know: it can't ask an index.
   *
   * @throws InvalidException a package is there twice, stands for one that clients have, or is
   *     missing
   */
  public static void check(String requirements, List<PackagePin> pins) {
    KnownPackages known = KnownPackages.known();
    if (pins == null) {
      throw new InvalidException("pins", "input.required", "pins");
    }
    Set<String> names = new HashSet<>();
    for (PackagePin pin : pins) {
      if (known.isBuiltIn(pin.name()) || !names.add(pin.name())) {
        throw new InvalidException("pins", "requirements.pins.odd", pin.name());
      }
    }
    for (String required : RequirementsText.unconditional(requirements)) {
      if (!known.isBuiltIn(required) && !names.contains(required)) {
        throw new InvalidException("pins", "requirements.pins.missing", required);
      }
    }
  }

  /** The problem in words for people. */
  public static Reason reason(ResolutionProblem problem, String machine) {
    KnownPackages known = KnownPackages.known();
    String code = "requirements.problem." + problem.kind().name().toLowerCase(Locale.ROOT);
    String subject = text(problem.subject());
    String detail = text(problem.detail());
    return switch (problem.kind()) {
      case LINE -> Reason.of(code, problem.line(), subject, detail);
      case COMPILED, SOURCE_ONLY, NATIVE -> Reason.of(code, subject, detail, known.works());
      case BUILT_IN -> Reason.of(code, subject, detail, known.builtIn());
      case UNREACHABLE, NO_ROOM, SLOW, LARGE -> Reason.of(code, machine, detail);
      default -> Reason.of(code, subject, detail);
    };
  }

  private static String text(String value) {
    return value == null ? "" : InputCheck.printable(value);
  }
}
