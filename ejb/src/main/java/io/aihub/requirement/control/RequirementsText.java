package io.aihub.requirement.control;

import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import io.aihub.shared.TextFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The text of a {@code requirements.txt} that a client may be given to resolve.
 *
 * @param text as it was handed in, without a byte order mark
 * @param sha256 of the text in UTF-8
 */
public record RequirementsText(String text, String sha256) {

  public static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_LINES = 100;

  /**
   * Checks a file.
   *
   * @param field how the sender calls the file, for the error
   * @throws InvalidException it requires nothing, or names line and column of what it may not
   *     contain
   */
  public static RequirementsText of(String field, byte[] file) {
    String text = TextFile.read(field, "requirements", file, MAX_BYTES);
    List<RequirementLine> lines = lines(text);
    if (lines.isEmpty()) {
      throw new InvalidException(field, "requirements.empty");
    }
    if (lines.size() > MAX_LINES) {
      throw new InvalidException(field, "requirements.many", MAX_LINES);
    }
    List<FieldError> errors = new ArrayList<>();
    for (RequirementLine line : lines) {
      Reason fault = fault(line);
      if (fault != null) {
        errors.add(new FieldError(field, fault, line.at()));
      }
    }
    if (!errors.isEmpty()) {
      throw new InvalidException(errors);
    }
    return new RequirementsText(text, TextFile.sha256(text));
  }

  private static Reason fault(RequirementLine line) {
    KnownPackages known = KnownPackages.known();
    if (line.fault() == null && known.isCompiled(line.name())) {
      return Reason.of(
          "requirements.compiled",
          line.at().line(),
          line.at().column(),
          line.name(),
          known.works());
    }
    return line.fault();
  }

  /**
   * What a text that was accepted requires whatever the conditions, by normalised name.
   *
   * @param text as in {@link #text()}
   */
  static Set<String> unconditional(String text) {
    Set<String> names = new TreeSet<>();
    lines(text).stream()
        .filter(line -> line.name() != null && !line.isConditional())
        .forEach(line -> names.add(line.name()));
    return names;
  }

  /** What of an accepted text is known to fail once it is used. */
  public static List<Reason> remarks(String text) {
    return lines(text).stream()
        .filter(line -> line.name() != null && KnownPackages.known().isFailing(line.name()))
        .map(
            line ->
                Reason.of(
                    "requirements.failing", line.at().line(), line.at().column(), line.name()))
        .toList();
  }

  private static List<RequirementLine> lines(String text) {
    List<RequirementLine> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      RequirementLine read = RequirementLine.of(++number, line);
      if (!read.isBlank()) {
        lines.add(read);
      }
    }
    return lines;
  }
}
