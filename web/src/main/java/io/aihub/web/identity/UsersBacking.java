package io.aihub.web.identity;

import io.aihub.identity.api.NewUser;
import io.aihub.identity.api.UserView;
import io.aihub.identity.boundary.UserService;
import io.aihub.shared.BusinessException;
import io.aihub.web.support.Notices;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** The accounts; for admins. */
@Named("users")
@RequestScoped
public class UsersBacking {

  @Inject private UserService service;
  @Inject private CurrentUser user;
  @Inject private Notices notices;

  private List<UserView> rows;
  private String username;
  private String displayName;
  private String password;
  private boolean admin;

  public List<UserView> getRows() {
    if (rows == null) {
      rows = service.list(user.getUsername());
    }
    return rows;
  }

  public void add() {
    try {
      service.create(user.getUsername(), new NewUser(username, displayName, password, admin));
      notices.done("users.done", username);
      username = null;
      displayName = null;
      admin = false;
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    rows = null;
  }

  public void activate(String whom) {
    change(() -> service.activate(user.getUsername(), whom));
  }

  public void deactivate(String whom) {
    change(() -> service.deactivate(user.getUsername(), whom));
  }

  private void change(Runnable action) {
    try {
      action.run();
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    rows = null;
  }

  public String getUsername() {
    return username;
  }

  public void setUsername(String username) {
    this.username = username;
  }

  public String getDisplayName() {
    return displayName;
  }

  public void setDisplayName(String displayName) {
    this.displayName = displayName;
  }

  public String getPassword() {
    return password;
  }

  public void setPassword(String password) {
    this.password = password;
  }

  public boolean isAdmin() {
    return admin;
  }

  public void setAdmin(boolean admin) {
    this.admin = admin;
  }
}
