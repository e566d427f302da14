package io.aihub.web.task;

import io.aihub.queue.api.LedgerCheck;
import io.aihub.queue.boundary.LedgerCheckService;
import io.aihub.shared.BusinessException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Language;
import io.aihub.web.support.LanguageSwitched;
import io.aihub.web.support.Notices;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** The check of the ledger of the task that the page shows. */
@Named("ledgerCheck")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class LedgerCheckBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  @Inject private LedgerCheckService checks;
  @Inject private TaskDetailBacking detail;
  @Inject private CurrentUser user;
  @Inject private Language language;
  @Inject private Notices notices;

  private transient LedgerCheck result;

  public void run() {
    try {
      result = checks.check(user.getUsername(), detail.getTask().id(), language.getLocale());
    } catch (BusinessException refusal) {
      result = null;
      notices.refused(refusal);
    }
  }

  void translate(@Observes(notifyObserver = Reception.IF_EXISTS) LanguageSwitched switched) {
    result = null;
  }

  /** Whether the reader may check the ledger, and there is one. */
  public boolean isOffered() {
    return user.isAdmin() && detail.isStarted();
  }

  /** What the check that the reader asked for has found; null before. */
  public LedgerCheck getResult() {
    return result;
  }
}
