package io.aihub.web.fleet;

import io.aihub.fleet.api.MachineToken;
import io.aihub.fleet.api.MachineView;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.shared.BusinessException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Notices;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The download servers; for admins. */
@Named("machines")
@RequestScoped
public class MachinesBacking {

  /** Clients report every half minute; who misses a few reports is gone or cut off. */
  private static final Duration SILENT_AFTER = Duration.ofMinutes(2);

  @Inject private MachineService service;
  @Inject private CurrentUser user;
  @Inject private Notices notices;
  @Inject private Clock clock;

  private List<MachineView> rows;
  private String name;
  private String tag;
  private MachineToken token;

  public List<MachineView> getRows() {
    if (rows == null) {
      rows = service.list();
    }
    return rows;
  }

  public boolean isSilent(MachineView machine) {
    return machine.seenAt() != null
        && machine.seenAt().isBefore(clock.instant().minus(SILENT_AFTER));
  }

  public void add() {
    try {
      token = service.create(user.getUsername(), new NewMachine(name, tag));
      notices.done("machines.done", name);
      name = null;
      tag = null;
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    rows = null;
  }

  public void replaceToken(String machine) {
    change(() -> token = service.replaceToken(user.getUsername(), machine));
  }

  public void activate(String machine) {
    change(() -> service.activate(user.getUsername(), machine));
  }

  public void deactivate(String machine) {
    change(() -> service.deactivate(user.getUsername(), machine));
  }

  private void change(Runnable action) {
    try {
      action.run();
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    rows = null;
  }

  /** The token just made: known during this one request, so that it is shown once. */
  public MachineToken getToken() {
    return token;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public String getTag() {
    return tag;
  }

  public void setTag(String tag) {
    this.tag = tag;
  }
}
