package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import java.util.List;
import java.util.Set;

/**
 * Whether each {@code from __future__ import} stands at the beginning of the file and names what
 * there is: the parser lets all of them pass, Python's compiler doesn't.
 */
final class FutureReview {

  private static final Set<String> FEATURES =
      Set.of(
          "nested_scopes",
          "generators",
          "division",
          "absolute_import",
          "with_statement",
          "print_function",
          "unicode_literals",
          "barry_as_FLUFL",
          "generator_stop",
          "annotations");

  private final List<Finding> findings;

  FutureReview(List<Finding> findings) {
    this.findings = findings;
  }

  void review(ModTy.Module module) {
    List<StmtTy> statements = SyntaxNodes.list(module.body);
    int next = !statements.isEmpty() && isText(statements.get(0)) ? 1 : 0;
    while (next < statements.size() && isFuture(statements.get(next))) {
      checkNames((StmtTy.ImportFrom) statements.get(next++));
    }
    statements.subList(next, statements.size()).forEach(this::refuseThere);
  }

  /** What describes the module. */
  private static boolean isText(StmtTy statement) {
    return statement instanceof StmtTy.Expr text && text.value instanceof ExprTy.Constant;
  }

  private static boolean isFuture(SSTNode node) {
    return node instanceof StmtTy.ImportFrom statement
        && statement.level == 0
        && "__future__".equals(statement.module);
  }

  private void checkNames(StmtTy.ImportFrom statement) {
    SyntaxNodes.list(statement.names).stream()
        .map(alias -> alias.name)
        .filter(name -> !FEATURES.contains(name))
        .findFirst()
        .ifPresent(
            name ->
                refuse(
                    statement,
                    name.equals("braces")
                        ? "not a chance"
                        : "future feature " + name + " is not defined"));
  }

  private void refuseThere(SSTNode node) {
    if (isFuture(node)) {
      refuse(node, "from __future__ imports must occur at the beginning of the file");
    } else if (!(node instanceof ExprTy)) {
      SyntaxNodes.children(node, this::refuseThere);
    }
  }

  private void refuse(SSTNode node, String words) {
    findings.add(
        Finding.at(true, PythonSource.position(node.getSourceRange()), "script.syntax", words));
  }
}
