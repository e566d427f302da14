package io.aihub.web.script;

import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.web.support.LanguageSwitched;
import io.aihub.web.support.PagedModel;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;
import org.primefaces.event.FileUploadEvent;
import org.primefaces.model.LazyDataModel;

/** Every version of every script, newest first. */
@Named("scriptList")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class ScriptListBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private ScriptService scripts;
  @Inject private ScriptUpload upload;

  private LazyDataModel<ScriptView> rows;

  @PostConstruct
  void open() {
    rows = new PagedModel<>(scripts::list, ScriptView::sha256);
  }

  public void receive(FileUploadEvent event) {
    upload.receive(event);
  }

  public void receiveRequirements(FileUploadEvent event) {
    upload.receiveRequirements(event);
  }

  public void dropRequirements() {
    upload.dropRequirements();
  }

  void translate(@Observes(notifyObserver = Reception.IF_EXISTS) LanguageSwitched switched) {
    upload.translate();
  }

  /** Whether a machine has yet to say of a version on the page what its requirements come to. */
  public boolean isLive() {
    List<ScriptView> shown = rows.getWrappedData();
    return shown != null
        && shown.stream()
            .map(ScriptView::requirements)
            .anyMatch(state -> state != null && state.isPending());
  }

  public LazyDataModel<ScriptView> getRows() {
    return rows;
  }

  public ScriptUpload getUpload() {
    return upload;
  }
}
