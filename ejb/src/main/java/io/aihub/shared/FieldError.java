package io.aihub.shared;

/**
 * One input field and the rule it breaks.
 *
 * @param field the field as the sender wrote it
 * @param reason what is wrong with it
 */
public record FieldError(String field, Reason reason) {}
