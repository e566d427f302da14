package io.aihub.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks the fields of one form and gathers what is wrong, so that its sender hears of everything
 * at once.
 */
public final class InputCheck {

  private final List<FieldError> errors = new ArrayList<>();

  public void reject(String field, String code, Object... arguments) {
    errors.add(new FieldError(field, Reason.of(code, arguments)));
  }

  /** Whether nothing has been said against {@code field} so far. */
  public boolean accepts(String field) {
    return errors.stream().noneMatch(error -> error.field().equals(field));
  }

  /**
   * A text that must be there.
   *
   * @return the text without white space around it, or null where it was rejected
   */
  public String requiredText(String field, String value, int maxCharacters) {
    String text = optionalText(field, value, maxCharacters);
    if (text == null && accepts(field)) {
      reject(field, "input.required", field);
    }
    return text;
  }

  /**
   * A text that may be missing. Line breaks and tabs are allowed, other control characters are not:
   * the database could not keep some of them.
   *
   * @return the text without white space around it; null where it is blank or was rejected
   */
  public String optionalText(String field, String value, int maxCharacters) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    if (text.codePointCount(0, text.length()) > maxCharacters) {
      reject(field, "input.long", field, maxCharacters);
      return null;
    }
    if (!text.codePoints().allMatch(InputCheck::isText)) {
      reject(field, "input.control", field);
      return null;
    }
    return text;
  }

  /**
   * A name that must be there and match a pattern as it stands.
   *
   * @param code the error that explains the pattern; its argument is the value
   * @return the value, or null where it was rejected
   */
  public String requiredName(String field, String value, Pattern pattern, String code) {
    if (value == null || value.isEmpty()) {
      reject(field, "input.required", field);
      return null;
    }
    if (!pattern.matcher(value).matches()) {
      reject(field, code, printable(value.substring(0, Math.min(value.length(), 100))));
      return null;
    }
    return value;
  }

  /**
   * A number that may be missing.
   *
   * @param max the highest one allowed; the lowest is 1
   */
  public void optionalCount(String field, Integer value, int max) {
    if (value != null && (value < 1 || value > max)) {
      reject(field, "input.range", field, 1, max);
    }
  }

  /**
   * Ends the check.
   *
   * @throws InvalidException where anything was rejected
   */
  public void finish() {
    if (!errors.isEmpty()) {
      throw new InvalidException(errors);
    }
  }

  /** Whether a text field may contain this character: no control characters, no half of a pair. */
  public static boolean isText(int codePoint) {
    return isOneLine(codePoint) || codePoint == '\n' || codePoint == '\r' || codePoint == '\t';
  }

  /** The same without line breaks and tabs. */
  public static boolean isOneLine(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }

  /** The text with a question mark for whatever a line of text cannot contain; null stays null. */
  public static String printable(String value) {
    if (value == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    value
        .codePoints()
        .forEach(character -> text.appendCodePoint(isOneLine(character) ? character : '?'));
    return text.toString();
  }
}
