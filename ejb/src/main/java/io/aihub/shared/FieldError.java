package io.aihub.shared;

/**
 * One input field and the rule it breaks.
 *
 * @param field the field as the sender wrote it
 * @param reason what is wrong with it
 * @param at where in the field's text; null where it is about the whole
 */
public record FieldError(String field, Reason reason, TextPosition at) {

  public FieldError(String field, Reason reason) {
    this(field, reason, null);
  }
}
