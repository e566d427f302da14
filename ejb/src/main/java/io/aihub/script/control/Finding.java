package io.aihub.script.control;

import io.aihub.shared.Reason;
import io.aihub.shared.TextPosition;

/**
 * What a check has to say of a script.
 *
 * @param error whether the script can't work; it may, otherwise
 * @param at where; null where it is about the whole script
 */
public record Finding(boolean error, TextPosition at, Reason reason) {

  /** Of a place; its line and column come before the other arguments of the text. */
  static Finding at(boolean error, TextPosition at, String code, Object... arguments) {
    Object[] all = new Object[arguments.length + 2];
    all[0] = at.line();
    all[1] = at.column();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return new Finding(error, at, Reason.of(code, all));
  }

  /** Of the whole. */
  static Finding ofWhole(String code) {
    return new Finding(true, null, Reason.of(code));
  }
}
