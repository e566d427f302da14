package io.aihub.web.script;

import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;

/**
 * What became of an upload.
 *
 * @param warnings what may go wrong with it, in the order of its lines; the script is accepted
 */
@JsonbPropertyOrder({"sha256", "name", "note", "author", "authorName", "createdAt", "warnings"})
public record UploadedScript(
    String sha256,
    String name,
    String note,
    String author,
    String authorName,
    Instant createdAt,
    List<ScriptFinding> warnings) {

  static UploadedScript of(ScriptView script, List<ScriptFinding> warnings) {
    return new UploadedScript(
        script.sha256(),
        script.name(),
        script.note(),
        script.author(),
        script.authorName(),
        script.createdAt(),
        warnings);
  }
}
