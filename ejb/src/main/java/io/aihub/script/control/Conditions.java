package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.CmpOpTy;
import com.oracle.graal.python.pegparser.sst.ExprTy;

/** Conditions whose value is known before a script runs. */
final class Conditions {

  private Conditions() {}

  /**
   * {@code __name__ == "__main__"} and {@code TYPE_CHECKING}: what stands below them runs on its
   * author's machine only.
   */
  static boolean isFalseInClients(ExprTy test) {
    if (test instanceof ExprTy.Name name) {
      return name.id.equals("TYPE_CHECKING");
    }
    if (test instanceof ExprTy.Attribute attribute) {
      return attribute.attr.equals("TYPE_CHECKING");
    }
    return test instanceof ExprTy.Compare compare
        && compare.ops.length == 1
        && compare.ops[0] == CmpOpTy.Eq
        && (isModuleName(compare.left) || isModuleName(compare.comparators[0]));
  }

  private static boolean isModuleName(ExprTy value) {
    return value instanceof ExprTy.Name name && name.id.equals("__name__");
  }
}
