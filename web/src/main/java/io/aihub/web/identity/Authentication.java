package io.aihub.web.identity;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.boundary.MachineAuthentication;
import io.aihub.identity.api.UserView;
import io.aihub.identity.boundary.UserService;
import io.aihub.web.support.Refusals;
import jakarta.annotation.security.DeclareRoles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out who calls. Programs send their credentials with every request to {@code /api} and
 * {@code /soap}: machines a Bearer token, programs of people HTTP Basic. A session says nothing
 * there, so that no foreign page can act through a reader's browser. People sign in to the pages,
 * and the session remembers them.
 */
@ApplicationScoped
@DeclareRoles({Roles.USER, Roles.ADMIN, Roles.MACHINE})
public class Authentication implements HttpAuthenticationMechanism {

  private static final String REST = "/api/";
  private static final String SOAP = "/soap/";
  private static final String RESOURCES = "/jakarta.faces.resource/";

  @Inject private UserService users;
  @Inject private MachineAuthentication machines;
  @Inject private PageSession session;
  @Inject private Caller caller;
  @Inject private Refusals refusals;

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    try {
      if (path.startsWith(REST)) {
        return program(context, false);
      }
      if (path.startsWith(SOAP)) {
        // the service's description is public, as its callers' tools expect
        return "GET".equals(request.getMethod()) ? context.doNothing() : program(context, true);
      }
      if (path.startsWith(RESOURCES)) {
        return context.doNothing();
      }
      return page(context);
    } catch (IOException e) {
      throw new AuthenticationException(e);
    }
  }

  private AuthenticationStatus program(HttpMessageContext context, boolean soap)
      throws IOException {
    HttpServletRequest request = context.getRequest();
    Duration pause = Duration.ZERO;
    Optional<Credentials> sent = Credentials.of(request.getHeader("Authorization"));
    if (sent.isPresent()) {
      Credentials credentials = sent.get();
      if (credentials.token() != null) {
        Optional<MachineIdentity> machine = machines.authenticate(credentials.token());
        if (machine.isPresent()) {
          caller.is(machine.get());
          return context.notifyContainerAboutLogin(machine.get().name(), Set.of(Roles.MACHINE));
        }
      } else {
        String address = request.getRemoteAddr();
        Optional<UserView> user =
            users.authenticate(credentials.username(), credentials.password(), address);
        if (user.isPresent()) {
          return login(context, user.get());
        }
        pause = users.signInPause(credentials.username(), address);
      }
    }
    if (soap) {
      refusals.unauthenticatedSoap(request, context.getResponse(), pause);
    } else {
      refusals.unauthenticatedRest(request, context.getResponse(), pause);
    }
    return AuthenticationStatus.SEND_FAILURE;
  }

  private AuthenticationStatus page(HttpMessageContext context) throws IOException {
    if (context.getAuthParameters().getCredential()
        instanceof UsernamePasswordCredential credential) {
      Optional<UserView> user =
          users.authenticate(
              credential.getCaller(),
              credential.getPasswordAsString(),
              context.getRequest().getRemoteAddr());
      if (user.isEmpty()) {
        return AuthenticationStatus.SEND_FAILURE;
      }
      session.open(context.getRequest(), user.get().username());
      return login(context, user.get());
    }
    Optional<UserView> user = session.user(context.getRequest());
    if (user.isPresent()) {
      return login(context, user.get());
    }
    if (context.isProtected()) {
      session.askToSignIn(context.getRequest(), context.getResponse());
      return AuthenticationStatus.SEND_CONTINUE;
    }
    return context.doNothing();
  }

  private AuthenticationStatus login(HttpMessageContext context, UserView user) {
    caller.is(user);
    return context.notifyContainerAboutLogin(
        user.username(), user.admin() ? Set.of(Roles.USER, Roles.ADMIN) : Set.of(Roles.USER));
  }
}
