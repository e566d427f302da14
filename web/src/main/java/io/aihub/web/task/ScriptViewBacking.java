package io.aihub.web.task;

import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The source of one version of a script: what a receiver approves. */
@Named("scriptView")
@RequestScoped
public class ScriptViewBacking {

  @Inject private ScriptService scripts;

  private String sha256;
  private ScriptView script;
  private String source;

  /** Answers 404 where there is no such version. */
  public void open() throws IOException {
    try {
      script = scripts.get(sha256);
      source = scripts.source(sha256);
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

  public String getSha256() {
    return sha256;
  }

  public void setSha256(String sha256) {
    this.sha256 = sha256;
  }
}
