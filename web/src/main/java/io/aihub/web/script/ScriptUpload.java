package io.aihub.web.script;

import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Language;
import io.aihub.web.support.Notices;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.primefaces.event.FileUploadEvent;

/** The part of a page where a script is handed in, with what the check has to say of it. */
@Dependent
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class ScriptUpload implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final String FIELD = "script";

  @Inject private ScriptService scripts;
  @Inject private CurrentUser user;
  @Inject private Language language;
  @Inject private Notices notices;

  private String note;
  private ScriptView kept;
  private String refusedName;
  private List<String> remarks = List.of();

  /**
   * Keeps the uploaded file as a version; false where it is refused, and the page then says why.
   */
  public boolean receive(FileUploadEvent event) {
    // the file comes before the form's values have reached this bean
    note = event.getFacesContext().getExternalContext().getRequestParameterMap().get("form:note");
    kept = null;
    refusedName = null;
    remarks = List.of();
    String name = event.getFile().getFileName();
    Locale reader = language.getLocale();
    try {
      kept = scripts.upload(user.getUsername(), name, event.getFile().getContent(), null, note);
      remarks =
          scripts.warnings(kept.sha256(), reader).stream().map(found -> found.detail()).toList();
      note = null;
      return true;
    } catch (InvalidException refusal) {
      List<FieldError> ofScript =
          refusal.errors().stream().filter(error -> FIELD.equals(error.field())).toList();
      if (ofScript.isEmpty()) { // the name or the note
        notices.refused(refusal);
      } else {
        refusedName = name;
        remarks = ofScript.stream().map(error -> error.reason().message(reader)).toList();
      }
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    return false;
  }

  /** What is to be said of the version, up to 1,000 characters; gone once it is kept. */
  public String getNote() {
    return note;
  }

  public void setNote(String note) {
    this.note = note;
  }

  /** The version that was uploaded on this page last, or null. */
  public ScriptView getKept() {
    return kept;
  }

  /** The name of the file that was refused, or null. */
  public String getRefusedName() {
    return refusedName;
  }

  /** Why it was refused, or what its author should know of it. */
  public List<String> getRemarks() {
    return remarks;
  }
}
