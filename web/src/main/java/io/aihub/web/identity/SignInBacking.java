package io.aihub.web.identity;

import io.aihub.identity.boundary.UserService;
import io.aihub.web.support.Notices;
import io.aihub.web.support.Refusals;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;

/** The sign-in page. */
@Named("signIn")
@RequestScoped
public class SignInBacking {

  private static final String HOME = "/tasks/list.xhtml";

  @Inject private SecurityContext security;
  @Inject private UserService users;
  @Inject private Notices notices;

  private String username;
  private String password;
  private String from;

  /** Signs in and goes on to the page that was asked for. */
  public void enter() throws IOException {
    FacesContext faces = FacesContext.getCurrentInstance();
    ExternalContext external = faces.getExternalContext();
    AuthenticationStatus status =
        security.authenticate(
            (HttpServletRequest) external.getRequest(),
            (HttpServletResponse) external.getResponse(),
            AuthenticationParameters.withParams()
                .credential(new UsernamePasswordCredential(username, password))
                .newAuthentication(true));
    if (status == AuthenticationStatus.SUCCESS) {
      external.redirect(external.getRequestContextPath() + (isOurs(from) ? from : HOME));
      faces.responseComplete();
    } else if (status == AuthenticationStatus.SEND_CONTINUE) {
      faces.responseComplete();
    } else {
      // the mechanism may have set 401 for programs; here the form is shown again
      external.setResponseStatus(HttpServletResponse.SC_OK);
      refused(
          users.signInPause(
              username, ((HttpServletRequest) external.getRequest()).getRemoteAddr()));
    }
  }

  private void refused(Duration pause) {
    if (pause.isZero()) {
      notices.refused("signIn.refused");
    } else {
      notices.refused("signIn.paused", Refusals.seconds(pause));
    }
  }

  /** Who is signed in already need not do it again. */
  public String skipWhenSignedIn() {
    return security.getCallerPrincipal() == null ? null : HOME + "?faces-redirect=true";
  }

  /** Only pages of this application: a link from outside must not lead the reader elsewhere. */
  private static boolean isOurs(String path) {
    return path != null
        && path.matches("/(tasks|scripts|admin)/[a-z]+\\.xhtml(\\?[A-Za-z0-9=&%.*_+-]*)?");
  }

  public String getUsername() {
    return username;
  }

  public void setUsername(String username) {
    this.username = username;
  }

  public String getPassword() {
    return password;
  }

  public void setPassword(String password) {
    this.password = password;
  }

  /** The page that was asked for: a path below the context root, or null. */
  public String getFrom() {
    return from;
  }

  public void setFrom(String from) {
    this.from = from;
  }
}
