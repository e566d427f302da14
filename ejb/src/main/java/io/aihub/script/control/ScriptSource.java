package io.aihub.script.control;

import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.shared.TextFile;
import java.util.List;

/**
 * The source of a script that may be kept: up to 1 MiB of UTF-8 that {@link ScriptReview} has no
 * error for. A byte order mark at its beginning, as Windows editors leave it, is dropped.
 */
public record ScriptSource(String text) {

  public static final int MAX_BYTES = 1 << 20;

  /**
   * Checks a source.
   *
   * @param field how the sender calls the source, for the error
   * @param brought what can be imported beside what clients have
   */
  public static ScriptSource of(String field, byte[] source, BroughtModules brought) {
    if (source == null || source.length == 0) {
      throw new InvalidException(field, "input.required", field);
    }
    String text = TextFile.read(field, "script", source, MAX_BYTES);
    List<FieldError> errors =
        ScriptReview.of(text, brought).stream()
            .filter(Finding::error)
            .map(finding -> new FieldError(field, finding.reason(), finding.at()))
            .toList();
    if (!errors.isEmpty()) {
      throw new InvalidException(errors);
    }
    return new ScriptSource(text);
  }
}
