package io.aihub.web.identity;

import io.aihub.identity.api.UserView;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The person who is signed in, for pages and their backing beans. */
@Named
@RequestScoped
public class CurrentUser {

  @Inject private Caller caller;

  /** Whether anybody is; false on the sign-in page. */
  public boolean isSignedIn() {
    return caller.user() != null;
  }

  /** What services take as the actor; null where nobody is signed in. */
  public String getUsername() {
    UserView user = caller.user();
    return user == null ? null : user.username();
  }

  public String getDisplayName() {
    UserView user = caller.user();
    return user == null ? null : user.displayName();
  }

  public boolean isAdmin() {
    UserView user = caller.user();
    return user != null && user.admin();
  }
}
