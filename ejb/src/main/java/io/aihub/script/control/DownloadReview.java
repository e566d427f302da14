package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.AliasTy;
import com.oracle.graal.python.pegparser.sst.ArgumentsTy;
import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a module ends up with a {@code download} that can be called with two positional arguments
 * (seed: 下载脚本). What can't be known without running it, a decorated function for example, passes.
 */
final class DownloadReview {

  private static final String NAME = "download";
  private static final int ARGUMENTS = 2;

  private final List<Finding> findings;

  /** What gives the name a value, in the order of the lines. */
  private final List<SSTNode> bindings = new ArrayList<>();

  /** Functions and methods of that name elsewhere. */
  private final List<SSTNode> hidden = new ArrayList<>();

  DownloadReview(List<Finding> findings) {
    this.findings = findings;
  }

  void review(ModTy.Module module) {
    for (StmtTy statement : SyntaxNodes.list(module.body)) {
      collect(statement, true);
    }
    if (bindings.isEmpty()) {
      if (hidden.isEmpty()) {
        findings.add(Finding.ofWhole("script.download.missing"));
      } else {
        refuse(hidden.get(0), "script.download.nested");
      }
      return;
    }
    SSTNode last = bindings.get(bindings.size() - 1);
    if (last instanceof StmtTy.AsyncFunctionDef) {
      refuse(last, "script.download.async");
    } else if (last instanceof StmtTy.FunctionDef function
        && SyntaxNodes.list(function.decoratorList).isEmpty()) {
      checkArguments(function, function.args);
    } else if (last instanceof StmtTy.Assign assign) {
      if (assign.value instanceof ExprTy.Lambda lambda) {
        checkArguments(assign, lambda.args);
      } else if (assign.value instanceof ExprTy.Constant) {
        refuse(assign, "script.download.value");
      }
    }
  }

  private void collect(SSTNode node, boolean atTop) {
    if (atTop && binds(node)) {
      bindings.add(node);
    } else if (node instanceof StmtTy.FunctionDef function && function.name.equals(NAME)) {
      hidden.add(node);
    }
    boolean scope =
        node instanceof StmtTy.FunctionDef
            || node instanceof StmtTy.AsyncFunctionDef
            || node instanceof StmtTy.ClassDef;
    if (node instanceof StmtTy.If choice && Conditions.isFalseInClients(choice.test)) {
      SyntaxNodes.list(choice.body).forEach(statement -> collect(statement, false));
      SyntaxNodes.list(choice.orElse).forEach(statement -> collect(statement, atTop));
      return;
    }
    SyntaxNodes.children(
        node,
        child -> {
          if (!(child instanceof ExprTy)) {
            collect(child, atTop && !scope);
          }
        });
  }

  private static boolean binds(SSTNode node) {
    if (node instanceof StmtTy.FunctionDef function) {
      return function.name.equals(NAME);
    }
    if (node instanceof StmtTy.AsyncFunctionDef function) {
      return function.name.equals(NAME);
    }
    if (node instanceof StmtTy.ClassDef type) {
      return type.name.equals(NAME);
    }
    if (node instanceof StmtTy.Assign assign) {
      return SyntaxNodes.list(assign.targets).stream().anyMatch(DownloadReview::names);
    }
    if (node instanceof StmtTy.AnnAssign assign) {
      return assign.value != null && names(assign.target);
    }
    if (node instanceof AliasTy alias) {
      return NAME.equals(alias.asName == null ? alias.name : alias.asName);
    }
    return false;
  }

  private static boolean names(ExprTy target) {
    return target instanceof ExprTy.Name name
        ? name.id.equals(NAME)
        : target instanceof ExprTy.Tuple tuple
            && SyntaxNodes.list(tuple.elements).stream().anyMatch(DownloadReview::names);
  }

  private void checkArguments(SSTNode function, ArgumentsTy arguments) {
    int most = count(arguments.posOnlyArgs) + count(arguments.args);
    int least = most - count(arguments.defaults);
    boolean any = arguments.varArg != null;
    boolean needsKeyword =
        SyntaxNodes.list(arguments.kwDefaults).stream().anyMatch(value -> value == null);
    if (least > ARGUMENTS || (most < ARGUMENTS && !any)) {
      refuse(function, "script.download.arguments", any ? least + "+" : most);
    } else if (needsKeyword) {
      refuse(function, "script.download.keywords");
    }
  }

  private static int count(SSTNode[] nodes) {
    return SyntaxNodes.list(nodes).size();
  }

  private void refuse(SSTNode node, String code, Object... arguments) {
    findings.add(Finding.at(true, PythonSource.position(node.getSourceRange()), code, arguments));
  }
}
