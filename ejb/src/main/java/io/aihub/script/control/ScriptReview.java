package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.ModTy;
import io.aihub.script.control.PythonSource.SyntaxException;
import io.aihub.shared.TextPosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Looks a script over without running it: whether it is Python, has a {@code download} that can be
 * called as clients call it, and imports what clients have.
 */
public final class ScriptReview {

  /** Code of a finding: what is imported may be what the requirements bring, once resolved. */
  public static final String AWAITED = "script.import.awaited";

  private static final int MOST = 50;
  private static final TextPosition START = new TextPosition(1, 1);

  private ScriptReview() {}

  /**
   * What is to be said of a source: errors first, then by line. No errors means that clients can
   * take it. Of a source that is no Python only the first error is known.
   *
   * @param brought what can be imported beside what clients have
   */
  public static List<Finding> of(String source, BroughtModules brought) {
    ModTy.Module module;
    try {
      module = PythonSource.parse(source);
    } catch (SyntaxException broken) {
      return List.of(Finding.at(true, broken.at(), "script.syntax", broken.getMessage()));
    }
    List<Finding> findings = new ArrayList<>();
    try {
      new PlacementReview(findings).review(module);
      new FutureReview(findings).review(module);
      new DownloadReview(findings).review(module);
      new ImportReview(findings, brought).review(module);
    } catch (StackOverflowError deep) {
      findings.add(Finding.at(true, START, "script.syntax", PythonSource.TOO_DEEP));
    }
    return findings.stream().sorted(BY_PLACE).limit(MOST).toList();
  }

  private static final Comparator<Finding> BY_PLACE =
      Comparator.comparing((Finding finding) -> !finding.error())
          .thenComparing(finding -> finding.at() == null ? Integer.MAX_VALUE : finding.at().line())
          .thenComparing(finding -> finding.at() == null ? 0 : finding.at().column());
}
