package io.aihub.requirement.api;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * Why requirements could not be resolved.
 *
 * @param line of {@code requirements.txt}, from 1; null where it is about no single one
 * @param subject what it is about, as a rule a package; or null
 * @param detail in pip's words, or null
 */
public record ResolutionProblem(
    @NotNull Kind kind,
    @Positive Integer line,
    @Size(max = 500) String subject,
    @Size(max = 2000) String detail) {

  /** What stands in the way. */
  public enum Kind {
    /** A line is no requirement. */
    LINE,
    /** The index has no such package. */
    UNKNOWN,
    /** It has the package, but no such version. */
    VERSION,
    /** For the platforms that it knows, and no pure wheel. */
    COMPILED,
    /** Only sources, which would have to be built. */
    SOURCE_ONLY,
    /** For other versions of Python. */
    PYTHON,
    /** What is required contradicts itself. */
    CONFLICT,
    /** What clients have can't be replaced by another version. */
    BUILT_IN,
    /** A wheel that says it is pure, but has compiled code in it. */
    NATIVE,
    /** More than a client gives room to. */
    LARGE,
    /** A client gave up. */
    SLOW,
    /** The index does not have what was pinned. */
    HASH,
    /** Anything else. */
    FAILED,
    /** The index does not answer; passes. */
    UNREACHABLE,
    /** The machine has no room for it; passes. */
    NO_ROOM;

    /** Whether another attempt may find it otherwise. */
    public boolean isPassing() {
      return this == UNREACHABLE || this == NO_ROOM;
    }
  }
}
