package io.aihub.shared;

/**
 * Which part of a list is wanted.
 *
 * @param offset index of the first row, from 0
 * @param limit number of rows, 1 to 500
 */
public record PageRequest(int offset, int limit) {

  public static final int MAX_LIMIT = 500;

  /**
   * Checks the range.
   *
   * @throws InvalidException where either is out of its range
   */
  public PageRequest {
    InputCheck check = new InputCheck();
    if (offset < 0) {
      check.reject("offset", "input.offset", offset);
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      check.reject("limit", "input.limit", limit, MAX_LIMIT);
    }
    check.finish();
  }
}
