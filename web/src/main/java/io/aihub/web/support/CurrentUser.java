package io.aihub.web.support;

import io.aihub.identity.api.UserView;
import io.aihub.identity.boundary.UserService;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Who is signed in. Only pages behind the sign-in may ask. */
@Named
@RequestScoped
public class CurrentUser {

  @Inject private HttpServletRequest request;
  @Inject private UserService users;
  private UserView view;

  public String getUsername() {
    return request.getUserPrincipal().getName();
  }

  public String getDisplayName() {
    return view().displayName();
  }

  public boolean isAdmin() {
    return view().admin();
  }

  /** Answers 403 to everybody but admins; the first thing an admin's page does. */
  public void requireAdmin() throws IOException {
    if (!isAdmin()) {
      FacesContext faces = FacesContext.getCurrentInstance();
      faces.getExternalContext().responseSendError(HttpServletResponse.SC_FORBIDDEN, null);
      faces.responseComplete();
    }
  }

  private UserView view() {
    if (view == null) {
      view = users.get(getUsername());
    }
    return view;
  }
}
