package io.aihub.web.tryout;

import io.aihub.fleet.boundary.MachineService;
import io.aihub.shared.BusinessException;
import io.aihub.tryout.api.NewTryOut;
import io.aihub.tryout.api.TryOutState;
import io.aihub.tryout.api.TryOutView;
import io.aihub.tryout.boundary.TryOutService;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.script.RunForm;
import io.aihub.web.support.Notices;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.primefaces.PrimeFaces;

/** The try-outs of the script version that a page shows. */
@Named("tryOut")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class TryOutBacking implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 10;

  @Inject private TryOutService tryOuts;
  @Inject private MachineService machines;
  @Inject private CurrentUser user;
  @Inject private Notices notices;

  private String sha256;
  private Integer lines = 10;
  private final RunForm run = new RunForm();
  private Long chosen;
  private transient List<TryOutView> list;
  private transient TryOutView shown;

  public void begin() {
    try {
      chosen =
          tryOuts
              .submit(
                  user.getUsername(),
                  new NewTryOut(
                      sha256,
                      run.getMachineTag(),
                      run.getIndexAddress(),
                      run.getIndexCharset(),
                      lines,
                      run.hosts(),
                      run.isJavaWire()))
              .id();
      notices.done("tryout.done");
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    forget();
  }

  /** Shows the lines of one of the list. */
  public void choose(long id) {
    chosen = id;
    shown = null;
  }

  /** Looks again; what the reader has opened to read stays open while nothing has changed. */
  public void refresh() {
    List<TryOutView> listBefore = list;
    TryOutView shownBefore = shown;
    forget();
    if (!getList().equals(listBefore) || !Objects.equals(getShown(), shownBefore)) {
      PrimeFaces.current().ajax().update("form:tryOuts");
    }
  }

  private void forget() {
    list = null;
    shown = null;
  }

  /** The newest ten of this version, without their lines. */
  public List<TryOutView> getList() {
    if (list == null) {
      list = tryOuts.list(sha256, 0, SHOWN).items();
    }
    return list;
  }

  /** The one whose lines are shown, the newest unless another was chosen; null where none is. */
  public TryOutView getShown() {
    if (shown == null) {
      if (chosen == null && !getList().isEmpty()) {
        chosen = getList().get(0).id();
      }
      shown = chosen == null ? null : tryOuts.get(chosen);
    }
    return shown;
  }

  /** The hosts that the script could reach in the one that is shown. */
  public String getShownHosts() {
    return String.join(", ", getShown().allowedHosts());
  }

  /** Whether anything may still change. */
  public boolean isLive() {
    return getList().stream()
        .map(TryOutView::state)
        .anyMatch(state -> state == TryOutState.SUBMITTED || state == TryOutState.RUNNING);
  }

  public List<String> getMachineTagChoices() {
    return machines.tags();
  }

  /** The version. */
  public String getSha256() {
    return sha256;
  }

  public void setSha256(String sha256) {
    this.sha256 = sha256;
  }

  public RunForm getRun() {
    return run;
  }

  /** How many lines are tried. */
  public Integer getLines() {
    return lines;
  }

  public void setLines(Integer lines) {
    this.lines = lines;
  }
}
