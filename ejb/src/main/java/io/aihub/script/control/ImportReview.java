package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.AliasTy;
import com.oracle.graal.python.pegparser.sst.ExceptHandlerTy;
import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import com.oracle.graal.python.pegparser.sst.WithItemTy;
import io.aihub.shared.TextPosition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether clients can satisfy a module's imports. One that can't be satisfied is an error where it
 * runs whenever the module is loaded; where it may never run, or its failure is caught, a warning.
 */
final class ImportReview {

  private static final Set<String> CATCHES_IMPORT_ERROR =
      Set.of("ImportError", "ModuleNotFoundError", "Exception", "BaseException");

  private final List<Finding> findings;
  private final BroughtModules brought;
  private final ClientModules modules = ClientModules.known();

  /** Names bound to stand-ins, and where. */
  private final Map<String, TextPosition> standIns = new HashMap<>();

  private final Map<String, String> standInModules = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  ImportReview(List<Finding> findings, BroughtModules brought) {
    this.findings = findings;
    this.brought = brought;
  }

  void review(ModTy.Module module) {
    visit(module, false);
    standIns.forEach(
        (name, at) -> {
          if (used.contains(name)) {
            findings.add(Finding.at(false, at, "script.import.standin", standInModules.get(name)));
          }
        });
  }

  private void visit(SSTNode node, boolean optional) {
    if (node instanceof StmtTy.Import statement) {
      for (AliasTy alias : statement.names) {
        check(position(alias), alias.name, optional, false);
        noteStandIn(alias);
      }
    } else if (node instanceof StmtTy.ImportFrom statement) {
      if (statement.level > 0) {
        findings.add(Finding.at(true, position(statement), "script.import.relative"));
      } else {
        boolean everything = statement.names.length == 1 && statement.names[0].name.equals("*");
        check(position(statement), statement.module, optional, !everything);
      }
    } else if (node instanceof StmtTy.Try attempt) {
      attempt(attempt, attempt.body, attempt.handlers, optional);
    } else if (node instanceof StmtTy.TryStar attempt) {
      attempt(attempt, attempt.body, attempt.handlers, optional);
    } else if (node instanceof StmtTy.If choice) {
      visit(choice.test, optional);
      if (!Conditions.isFalseInClients(choice.test)) {
        visitAll(choice.body, true);
      }
      visitAll(choice.orElse, true);
    } else {
      if (node instanceof ExprTy.Name name) {
        used.add(name.id);
      }
      boolean mayNotRun =
          node instanceof StmtTy.FunctionDef
              || node instanceof StmtTy.AsyncFunctionDef
              || node instanceof StmtTy.Match
              || node instanceof StmtTy.While
              || node instanceof StmtTy.For
              || (node instanceof StmtTy.With with
                  && SyntaxNodes.list(with.items).stream().anyMatch(ImportReview::suppresses));
      SyntaxNodes.children(node, child -> visit(child, optional || mayNotRun));
    }
  }

  private void visitAll(SSTNode[] nodes, boolean optional) {
    SyntaxNodes.list(nodes).forEach(node -> visit(node, optional));
  }

  private void attempt(
      SSTNode attempt, StmtTy[] body, ExceptHandlerTy[] handlers, boolean optional) {
    boolean caught =
        SyntaxNodes.list(handlers).stream()
            .anyMatch(
                handler ->
                    handler instanceof ExceptHandlerTy.ExceptHandler one
                        && (one.type == null || catchesImportError(one.type)));
    int before = findings.size();
    visitAll(body, optional || caught);
    boolean bodyWorks = findings.size() == before;
    List<StmtTy> done = SyntaxNodes.list(body);
    SyntaxNodes.children(
        attempt,
        child -> {
          if (child instanceof ExceptHandlerTy) {
            visit(child, optional || bodyWorks);
          } else if (!(child instanceof StmtTy statement) || !done.contains(statement)) {
            visit(child, optional);
          }
        });
  }

  private static boolean catchesImportError(ExprTy type) {
    if (type instanceof ExprTy.Tuple several) {
      return SyntaxNodes.list(several.elements).stream().anyMatch(ImportReview::catchesImportError);
    }
    return CATCHES_IMPORT_ERROR.contains(lastName(type));
  }

  private static boolean suppresses(WithItemTy item) {
    return item.contextExpr instanceof ExprTy.Call call
        && lastName(call.func).equals("suppress")
        && SyntaxNodes.list(call.args).stream().anyMatch(ImportReview::catchesImportError);
  }

  private static String lastName(ExprTy expression) {
    if (expression instanceof ExprTy.Name name) {
      return name.id;
    }
    return expression instanceof ExprTy.Attribute attribute ? attribute.attr : "";
  }

  private void check(TextPosition at, String module, boolean optional, boolean takesNames) {
    String top = top(module);
    if (brought.has(top)) {
      return;
    }
    switch (modules.standing(top)) {
      case AVAILABLE -> {}
      case STAND_IN -> {
        if (takesNames) { // a stand-in has no names to take
          report(at, "script.import.missing", module, optional);
        }
      }
      case BROKEN -> report(at, "script.import.broken", module, optional);
      case UNKNOWN -> {
        if (brought.isKnown()) {
          report(at, "script.import.missing", module, optional);
        } else {
          findings.add(Finding.at(false, at, ScriptReview.AWAITED, module));
        }
      }
    }
  }

  private void report(TextPosition at, String code, String module, boolean optional) {
    findings.add(
        optional
            ? Finding.at(false, at, "script.import.uncertain", module)
            : Finding.at(true, at, code, module, modules.libraries()));
  }

  private void noteStandIn(AliasTy alias) {
    String top = top(alias.name);
    if (modules.standing(top) == ClientModules.Standing.STAND_IN) {
      String bound = alias.asName == null ? top : alias.asName;
      standIns.putIfAbsent(bound, position(alias));
      standInModules.putIfAbsent(bound, alias.name);
    }
  }

  private static String top(String module) {
    int dot = module.indexOf('.');
    return dot < 0 ? module : module.substring(0, dot);
  }

  private static TextPosition position(SSTNode node) {
    return PythonSource.position(node.getSourceRange());
  }
}
