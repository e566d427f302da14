package io.aihub.web.identity;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Who is signed in, for pages. Only those behind the sign-in may ask. */
@Named
@RequestScoped
public class CurrentUser {

  @Inject private Caller caller;

  public String getUsername() {
    return caller.username();
  }

  public String getDisplayName() {
    return caller.user().displayName();
  }

  public boolean isAdmin() {
    return caller.user().admin();
  }
}
