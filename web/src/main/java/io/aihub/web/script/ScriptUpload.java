package io.aihub.web.script;

import io.aihub.requirement.boundary.RequirementService;
import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Language;
import io.aihub.web.support.Notices;
import io.aihub.web.support.TextFormat;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.primefaces.event.FileUploadEvent;

/**
 * The part of a page where a script is handed in, and what it requires, with what the checks have
 * to say of both. Either file may come first; once both are there they make one version.
 */
@Dependent
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class ScriptUpload implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private ScriptService scripts;
  @Inject private RequirementService requirements;
  @Inject private CurrentUser user;
  @Inject private Language language;
  @Inject private Notices notices;
  @Inject private TextFormat text;

  private String note;
  private String scriptName;
  private byte[] source;
  private String requirementsName;
  private String requirementsSha256;
  private ScriptView kept;
  private Remarks scriptRemarks = Remarks.NONE;
  private Remarks requirementsRemarks = Remarks.NONE;

  /**
   * What the checks have to say of one file.
   *
   * @param refused the name of the file where it was refused, or null
   * @param reasons why it was, or what its author should know of it, in the page's language
   * @param findings the same in any language
   */
  public record Remarks(String refused, List<String> reasons, Findings findings)
      implements Serializable {
    static final Remarks NONE = new Remarks(null, List.of(), reader -> List.of());

    static Remarks of(String refused, Findings findings, Locale reader) {
      return new Remarks(refused, findings.in(reader), findings);
    }

    Remarks in(Locale reader) {
      return of(refused, findings, reader);
    }
  }

  /** What a check has found, in the language of a reader. */
  interface Findings extends Serializable {
    List<String> in(Locale reader);
  }

  /**
   * Keeps the uploaded script as a version; false where it is refused, and the page then says why.
   */
  public boolean receive(FileUploadEvent event) {
    readNote(event);
    scriptName = event.getFile().getFileName();
    source = event.getFile().getContent();
    return keep();
  }

  /**
   * Keeps what the script requires; where the script is there already, both as a version.
   *
   * @return whether there is a version now
   */
  public boolean receiveRequirements(FileUploadEvent event) {
    readNote(event);
    forgetRequirements();
    String name = event.getFile().getFileName();
    try {
      String sha256 =
          requirements
              .upload(user.getUsername(), event.getFile().getContent(), language.getLocale())
              .sha256();
      requirementsName = name;
      requirementsSha256 = sha256;
      requirementsRemarks =
          Remarks.of(
              null, reader -> requirements.get(sha256, reader).warnings(), language.getLocale());
    } catch (InvalidException refusal) {
      requirementsRemarks = remarks(name, "requirements", refusal);
      return false;
    } catch (BusinessException refusal) {
      notices.refused(refusal);
      return false;
    }
    return source != null && keep();
  }

  /**
   * Takes the requirements away again.
   *
   * @return whether there is a version now
   */
  public boolean dropRequirements() {
    forgetRequirements();
    return source != null && keep();
  }

  /** Says what the checks have found in the language that the page is in now. */
  public void translate() {
    scriptRemarks = scriptRemarks.in(language.getLocale());
    requirementsRemarks = requirementsRemarks.in(language.getLocale());
  }

  private void forgetRequirements() {
    requirementsName = null;
    requirementsSha256 = null;
    requirementsRemarks = Remarks.NONE;
    kept = null;
  }

  private boolean keep() {
    kept = null;
    scriptRemarks = Remarks.NONE;
    try {
      kept = scripts.upload(user.getUsername(), scriptName, source, requirementsSha256, note);
      String sha256 = kept.sha256();
      scriptRemarks =
          Remarks.of(
              null,
              reader ->
                  scripts.warnings(sha256, reader).stream().map(ScriptFinding::detail).toList(),
              language.getLocale());
      note = null;
      return true;
    } catch (InvalidException refusal) {
      scriptRemarks = remarks(scriptName, "script", refusal);
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    return false;
  }

  /** A file comes before the form's values have reached this bean. */
  private void readNote(FileUploadEvent event) {
    note = event.getFacesContext().getExternalContext().getRequestParameterMap().get("form:note");
  }

  private Remarks remarks(String file, String field, InvalidException refusal) {
    List<Reason> ofFile =
        refusal.errors().stream()
            .filter(error -> field.equals(error.field()))
            .map(FieldError::reason)
            .toList();
    if (ofFile.isEmpty()) { // the name or the note
      notices.refused(refusal);
      return Remarks.NONE;
    }
    return Remarks.of(
        file,
        reader -> ofFile.stream().map(reason -> inWords(reason, reader)).toList(),
        language.getLocale());
  }

  private String inWords(Reason reason, Locale reader) {
    return reason.code().equals("input.required")
        ? text.messageFor(reader, "upload.empty")
        : reason.message(reader);
  }

  /** What is to be said of the version, up to 1,000 characters; gone once it is kept. */
  public String getNote() {
    return note;
  }

  public void setNote(String note) {
    this.note = note;
  }

  /** The name of the file with what the script requires, once it is accepted; or null. */
  public String getRequirementsName() {
    return requirementsName;
  }

  /** The version that was uploaded on this page last, or null. */
  public ScriptView getKept() {
    return kept;
  }

  /** What the check of the script says. */
  public Remarks getScriptRemarks() {
    return scriptRemarks;
  }

  /** What the check of the requirements says. */
  public Remarks getRequirementsRemarks() {
    return requirementsRemarks;
  }
}
