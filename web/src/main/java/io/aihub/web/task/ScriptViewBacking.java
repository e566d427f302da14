package io.aihub.web.task;

import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.NotFoundException;
import io.aihub.web.support.Language;
import io.aihub.web.support.LanguageSwitched;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The source of one version of a script: what a receiver approves. */
@Named("scriptView")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class ScriptViewBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private ScriptService scripts;
  @Inject private Language language;

  private String sha256;
  private transient ScriptView script;
  private transient List<ScriptFinding> warnings;
  private transient Boolean sound;

  /** Answers 404 where there is no such version. */
  public void open() throws IOException {
    try {
      script = scripts.get(sha256);
    } catch (NotFoundException unknown) {
      FacesContext faces = FacesContext.getCurrentInstance();
      faces.getExternalContext().responseSendError(HttpServletResponse.SC_NOT_FOUND, null);
      faces.responseComplete();
    }
  }

  public ScriptView getScript() {
    if (script == null) {
      script = scripts.get(sha256);
    }
    return script;
  }

  /** Read each time it is shown: the view would keep up to a megabyte. */
  public String getSource() {
    return scripts.source(sha256);
  }

  /** The numbers of the source's lines, one below the other: reasons and tracebacks name them. */
  public String getLineNumbers() {
    return IntStream.rangeClosed(1, (int) getSource().lines().count())
        .mapToObj(String::valueOf)
        .collect(Collectors.joining("\n"));
  }

  /** Looks again what the checks say: what the script requires may have been resolved. */
  public void refresh() {
    warnings = null;
    sound = null;
  }

  void translate(@Observes(notifyObserver = Reception.IF_EXISTS) LanguageSwitched switched) {
    refresh();
  }

  /** What the check says of it, though it was accepted. */
  public List<ScriptFinding> getWarnings() {
    if (warnings == null) {
      warnings = scripts.warnings(sha256, language.getLocale());
    }
    return warnings;
  }

  /** Whether no check has found since what keeps clients from running it. */
  public boolean isSound() {
    if (sound == null) {
      sound = scripts.isSound(sha256);
    }
    return sound;
  }

  public String getSha256() {
    return sha256;
  }

  public void setSha256(String sha256) {
    this.sha256 = sha256;
  }
}
