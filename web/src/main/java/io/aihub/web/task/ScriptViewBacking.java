package io.aihub.web.task;

import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.NotFoundException;
import io.aihub.web.support.Language;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** The source of one version of a script: what a receiver approves. */
@Named("scriptView")
@RequestScoped
public class ScriptViewBacking {

  @Inject private ScriptService scripts;
  @Inject private Language language;

  private String sha256;
  private ScriptView script;
  private String source;
  private List<ScriptFinding> warnings;

  /** Answers 404 where there is no such version. */
  public void open() throws IOException {
    try {
      script = scripts.get(sha256);
      source = scripts.source(sha256);
      warnings = scripts.warnings(sha256, language.getLocale());
    } catch (NotFoundException unknown) {
      FacesContext faces = FacesContext.getCurrentInstance();
      faces.getExternalContext().responseSendError(HttpServletResponse.SC_NOT_FOUND, null);
      faces.responseComplete();
    }
  }

  public ScriptView getScript() {
    return script;
  }

  public String getSource() {
    return source;
  }

  /** What the check says of it, though it was accepted. */
  public List<ScriptFinding> getWarnings() {
    return warnings;
  }

  public String getSha256() {
    return sha256;
  }

  public void setSha256(String sha256) {
    this.sha256 = sha256;
  }
}
