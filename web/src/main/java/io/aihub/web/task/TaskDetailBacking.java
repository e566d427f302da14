package io.aihub.web.task;

import io.aihub.queue.api.LedgerView;
import io.aihub.queue.boundary.LedgerService;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.NotFoundException;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.api.TransitionView;
import io.aihub.task.boundary.TaskService;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Language;
import io.aihub.web.support.LanguageSwitched;
import io.aihub.web.support.TextFormat;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.primefaces.PrimeFaces;

/** One task: what it is to do, what became of it, and its history. */
@Named("taskDetail")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class TaskDetailBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private TaskService tasks;
  @Inject private LedgerService ledgers;
  @Inject private ScriptService scripts;
  @Inject private CurrentUser user;
  @Inject private Language language;
  @Inject private TextFormat text;

  private String id;
  private transient TaskView task;
  private transient LedgerView ledger;
  private transient List<TransitionView> transitions;
  private RequirementsState shownRequirements;

  /** Called once the address has been read; answers 404 where it names no task. */
  public void open() throws IOException {
    try {
      shownRequirements = getScript().requirements();
    } catch (NotFoundException | NumberFormatException unknown) {
      FacesContext faces = FacesContext.getCurrentInstance();
      faces.getExternalContext().responseSendError(HttpServletResponse.SC_NOT_FOUND, null);
      faces.responseComplete();
    }
  }

  /** Looks again; what the reader is writing or reading is left alone unless the state changed. */
  public void refresh() {
    TaskState before = task().state();
    forget();
    RequirementsState required = getScript().requirements();
    if (task().state() != before) {
      PrimeFaces.current().ajax().update("head", "form", "about");
    } else if (required != shownRequirements) {
      PrimeFaces.current().ajax().update("form:approve", "about"); // a comment is left as it is
    }
    shownRequirements = required;
  }

  void translate(@Observes(notifyObserver = Reception.IF_EXISTS) LanguageSwitched switched) {
    forget();
  }

  void forget() {
    task = null;
    ledger = null;
    transitions = null;
  }

  /** Whether lines have been or may be handed out. */
  public boolean isStarted() {
    return task().approvedAt() != null;
  }

  public boolean isReadingIndex() {
    return task().state() == TaskState.IN_PROGRESS && !getLedger().indexRead();
  }

  /** Whether figures may still change, so that looking again makes sense. */
  public boolean isLive() {
    return switch (task().state()) {
      case CREATED, IN_PROGRESS, PAUSED, FAILED -> true;
      case COMPLETED -> false;
      case REJECTED, CANCELLED -> getLedger().leased() > 0;
    };
  }

  /** Why the system stopped it, in the reader's language; null unless it is stopped. */
  public String getStoppedBecause() {
    if (task().state() != TaskState.FAILED) {
      return null;
    }
    return getTransitions().stream()
        .filter(step -> step.to() == TaskState.FAILED)
        .reduce((first, second) -> second)
        .map(TransitionView::reason)
        .orElse("");
  }

  /** Whether the reader has a say in what becomes of it. */
  boolean isMine() {
    String me = user.getUsername();
    return me.equals(task().submitter()) || me.equals(task().receiver()) || user.isAdmin();
  }

  private long taskId() {
    return Long.parseLong(id);
  }

  private TaskView task() {
    if (task == null) {
      task = tasks.get(taskId());
    }
    return task;
  }

  public TaskView getTask() {
    return task();
  }

  public LedgerView getLedger() {
    if (ledger == null) {
      ledger = ledgers.ledger(taskId());
    }
    return ledger;
  }

  /** Newest first. */
  public List<TransitionView> getTransitions() {
    if (transitions == null) {
      List<TransitionView> newestFirst =
          new ArrayList<>(tasks.transitions(taskId(), language.getLocale()));
      Collections.reverse(newestFirst);
      transitions = newestFirst;
    }
    return transitions;
  }

  /** Where the files land: {@code s3://bucket/path/}. */
  public String getLocation() {
    return text.location(task().targetPath());
  }

  /** Where the parts of the manifest are: {@code s3://bucket/path/}. */
  public String getManifestLocation() {
    return text.location(task().manifestPath());
  }

  /** The hosts that the script may reach; empty for any. */
  public String getHosts() {
    return String.join(", ", task().allowedHosts());
  }

  public ScriptView getScript() {
    return scripts.get(task().scriptSha256());
  }

  /** The task's number as the address has it. */
  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
  }
}
