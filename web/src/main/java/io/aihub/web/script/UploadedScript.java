package io.aihub.web.script;

import io.aihub.requirement.api.RequirementsState;
import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;

/**
 * What became of an upload.
 *
 * @param requirementsSha256 of the {@code requirements.txt} that it needs, or null
 * @param requirements how far the packages in it are; null where it needs none
 * @param warnings what may go wrong with it, in the order of its lines; the script is accepted
 */
@JsonbPropertyOrder({
  "sha256",
  "name",
  "note",
  "author",
  "authorName",
  "createdAt",
  "requirementsSha256",
  "requirements",
  "warnings"
})
public record UploadedScript(
    String sha256,
    String name,
    String note,
    String author,
    String authorName,
    Instant createdAt,
    String requirementsSha256,
    RequirementsState requirements,
    List<ScriptFinding> warnings) {

  static UploadedScript of(ScriptView script, List<ScriptFinding> warnings) {
    return new UploadedScript(
        script.sha256(),
        script.name(),
        script.note(),
        script.author(),
        script.authorName(),
        script.createdAt(),
        script.requirementsSha256(),
        script.requirements(),
        warnings);
  }
}
