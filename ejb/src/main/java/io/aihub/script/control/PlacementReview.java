package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.ArgumentsTy;
import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import java.util.List;

/**
 * What the grammar lets pass and Python's compiler refuses: {@code return} outside a function and
 * its like.
 */
final class PlacementReview {

  private final List<Finding> findings;

  PlacementReview(List<Finding> findings) {
    this.findings = findings;
  }

  /** Around a node: the kind of function, and whether there is a loop to break out of. */
  private record Around(boolean function, boolean async, boolean loop) {

    private static final Around NOTHING = new Around(false, false, false);

    Around withLoop(boolean there) {
      return new Around(function, async, there);
    }
  }

  void review(ModTy.Module module) {
    visit(module, Around.NOTHING);
  }

  private void visit(SSTNode node, Around around) {
    if (node instanceof StmtTy.FunctionDef function) {
      define(function, function.body, new Around(true, false, false), around);
    } else if (node instanceof StmtTy.AsyncFunctionDef function) {
      define(function, function.body, new Around(true, true, false), around);
    } else if (node instanceof StmtTy.ClassDef type) {
      define(type, type.body, Around.NOTHING, around);
    } else if (node instanceof ExprTy.Lambda lambda) {
      visit(lambda.args, around);
      visit(lambda.body, new Around(true, false, false));
    } else if (node instanceof StmtTy.For loop) {
      repeat(loop, loop.body, around);
    } else if (node instanceof StmtTy.AsyncFor loop) {
      repeat(loop, loop.body, around);
    } else if (node instanceof StmtTy.While loop) {
      repeat(loop, loop.body, around);
    } else {
      check(node, around);
      SyntaxNodes.children(node, child -> visit(child, around));
    }
  }

  private void define(SSTNode node, StmtTy[] body, Around inside, Around around) {
    List<StmtTy> statements = SyntaxNodes.list(body);
    SyntaxNodes.children(
        node,
        child ->
            visit(
                child,
                child instanceof StmtTy statement && statements.contains(statement)
                    ? inside
                    : child instanceof ArgumentsTy ? around.withLoop(false) : around));
  }

  private void repeat(SSTNode node, StmtTy[] body, Around around) {
    List<StmtTy> statements = SyntaxNodes.list(body);
    SyntaxNodes.children(
        node,
        child ->
            visit(
                child,
                child instanceof StmtTy statement && statements.contains(statement)
                    ? around.withLoop(true)
                    : around));
  }

  private void check(SSTNode node, Around around) {
    if (node instanceof StmtTy.Return && !around.function()) {
      refuse(node, "'return' outside function");
    } else if (node instanceof StmtTy.Break && !around.loop()) {
      refuse(node, "'break' outside loop");
    } else if (node instanceof StmtTy.Continue && !around.loop()) {
      refuse(node, "'continue' not properly in loop");
    } else if ((node instanceof ExprTy.Yield || node instanceof ExprTy.YieldFrom)
        && !around.function()) {
      refuse(node, "'yield' outside function");
    } else if (node instanceof ExprTy.Await && !around.async()) {
      refuse(
          node, around.function() ? "'await' outside async function" : "'await' outside function");
    }
  }

  private void refuse(SSTNode node, String words) {
    findings.add(
        Finding.at(true, PythonSource.position(node.getSourceRange()), "script.syntax", words));
  }
}
