package io.aihub.web.identity;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;

/** The way out of the pages. */
@Named
@RequestScoped
public class SignOut {

  /** Forgets the whole session and shows the sign-in page. */
  public String leave() {
    FacesContext.getCurrentInstance().getExternalContext().invalidateSession();
    return "/login?faces-redirect=true";
  }
}
