package io.aihub.requirement.control;

import io.aihub.shared.Reason;
import io.aihub.shared.TextPosition;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code requirements.txt}: a package of the index by its name, as PEP 508 writes it.
 * What pip understands beside that (options, addresses, paths) would have a client read whatever an
 * author names, and is refused here. Of a marker only its characters are looked at: pip reads it,
 * on a client, and says so where it can't.
 */
final class RequirementLine {

  private static final int MAX_CHARACTERS = 500;

  /** PEP 508. */
  private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]*+(?<=[A-Za-z0-9]))?";

  /** PEP 440, appendix B. */
  private static final String VERSION =
      "v?(?:\\d++!)?\\d++(?:\\.\\d++)*+"
          + "(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\\d*+)?"
          + "(?:-\\d++|[-_.]?(?:post|rev|r)[-_.]?\\d*+)?"
          + "(?:[-_.]?dev[-_.]?\\d*+)?"
          + "(?:\\+[a-z0-9]++(?:[-_.][a-z0-9]++)*+)?(?:\\.\\*)?";

  private static final String COMPARISON = "(?:~=|==|!=|<=|>=|<|>)\\s*" + VERSION;
  private static final String COMPARISONS = COMPARISON + "(?:\\s*,\\s*" + COMPARISON + ")*+\\s*,?";

  private static final Pattern NAMED = Pattern.compile(NAME);
  private static final Pattern EXTRAS =
      Pattern.compile("\\s*\\[\\s*(?:" + NAME + "(?:\\s*,\\s*" + NAME + ")*+)?\\s*]");
  private static final Pattern VERSIONS =
      Pattern.compile(
          "\\s*(?:" + COMPARISONS + "|\\(\\s*" + COMPARISONS + "\\s*\\))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern MARKER = Pattern.compile("\\s*;[\\w\\s.'\"<>=!~()+*-]+");
  private static final Pattern REST = Pattern.compile("\\s*");

  private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*");
  private static final Pattern ADDRESS =
      Pattern.compile(".*://.*|" + NAME + "\\s*(?:\\[[^]]*])?\\s*@.*");
  private static final Pattern PATH =
      Pattern.compile("[./~\\\\].*|[^;]*[/\\\\].*|.*\\.(?:whl|zip|tar\\.\\w+|txt)");

  private final int number;
  private final String text;
  private String name;
  private boolean conditional;
  private Reason fault;
  private int faultAt;

  private RequirementLine(int number, String line) {
    this.number = number;
    this.text = COMMENT.matcher(line).replaceFirst("").stripTrailing();
    if (!isBlank()) {
      read();
    }
  }

  /**
   * Reads a line.
   *
   * @param number from 1
   */
  static RequirementLine of(int number, String line) {
    return new RequirementLine(number, line);
  }

  boolean isBlank() {
    return text.isBlank();
  }

  /** The package, as PEP 503 normalises its name; null where there is a fault. */
  String name() {
    return name;
  }

  /** Whether it is required under a condition only. */
  boolean isConditional() {
    return conditional;
  }

  /** What is wrong with it, or null. */
  Reason fault() {
    return fault;
  }

  /** Where the fault is; else where the requirement begins. */
  TextPosition at() {
    return new TextPosition(number, text.codePointCount(0, faultAt) + 1);
  }

  private void read() {
    int start = 0;
    while (Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    faultAt = start;
    String line = text.substring(start);
    if (line.length() > MAX_CHARACTERS) {
      refuse(start, "requirements.line.long", MAX_CHARACTERS);
    } else if (line.startsWith("-")) {
      refuse(start, "requirements.line.option", line.split("[\\s=]", 2)[0]);
    } else if (line.endsWith("\\")) {
      refuse(text.length() - 1, "requirements.line.continued");
    } else if (ADDRESS.matcher(line).matches()) {
      refuse(start, "requirements.line.address");
    } else if (PATH.matcher(line).matches()) {
      refuse(start, "requirements.line.path");
    } else {
      readParts(start);
    }
  }

  private void readParts(int start) {
    int afterName = skip(NAMED, start);
    int afterExtras = skip(EXTRAS, afterName);
    int afterVersions = skip(VERSIONS, afterExtras);
    int afterMarker = skip(MARKER, afterVersions);
    int rest = skip(REST, afterMarker);
    if (afterName == start || rest < text.length()) {
      boolean equals = text.startsWith("=", rest) && !text.startsWith("==", rest);
      if (equals && afterName > start) {
        refuse(rest, "requirements.line.equals");
      } else if (text.startsWith("--", rest) && afterName > start) {
        refuse(rest, "requirements.line.option", text.substring(rest).split("[\\s=]", 2)[0]);
      } else {
        refuse(rest, "requirements.line.invalid", text.substring(rest));
      }
    } else {
      name = KnownPackages.normalised(text.substring(start, afterName));
      conditional = afterMarker > afterVersions;
    }
  }

  /** Where it goes on behind what the pattern finds; where nothing is found, the same place. */
  private int skip(Pattern part, int from) {
    Matcher matcher = part.matcher(text).region(from, text.length());
    return matcher.lookingAt() ? matcher.end() : from;
  }

  private void refuse(int at, String code, Object... arguments) {
    faultAt = at;
    Object[] all = new Object[arguments.length + 2];
    all[0] = at().line();
    all[1] = at().column();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    fault = Reason.of(code, all);
  }
}
