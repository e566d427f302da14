package io.aihub.web.identity;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.boundary.MachineAuthentication;
import jakarta.security.auth.message.AuthException;
import jakarta.security.auth.message.AuthStatus;
import jakarta.security.auth.message.MessageInfo;
import jakarta.security.auth.message.MessagePolicy;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.GroupPrincipalCallback;
import jakarta.security.auth.message.config.AuthConfigProvider;
import jakarta.security.auth.message.config.ServerAuthContext;
import jakarta.security.auth.message.module.ServerAuthModule;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;

/**
 * Stands before Jakarta Security's own module and lets machines in whose token is in memory: that
 * module looks {@link Authentication} up through JNDI and CDI before and after each request, which
 * took a sixth of all that the lease of a machine costs. Everybody else it leaves to that module.
 */
final class MachineAuthModule implements ServerAuthModule {

  static final String LAYER = "HttpServlet"; // Jakarta Authentication 3.0, 3.1

  private static final String MACHINE = MachineIdentity.class.getName();
  private static final String REST = "/api/";

  private final MachineAuthentication machines;
  private final AuthConfigProvider others;
  private final String application;
  private CallbackHandler container;
  private ServerAuthContext otherCallers;

  /**
   * @param others has the module for all other callers
   * @param application its application context identifier
   */
  MachineAuthModule(MachineAuthentication machines, AuthConfigProvider others, String application) {
    this.machines = machines;
    this.others = others;
    this.application = application;
  }

  /** The machine that this module let in, or null. */
  static MachineIdentity machine(HttpServletRequest request) {
    return (MachineIdentity) request.getAttribute(MACHINE);
  }

  @Override
  public void initialize(
      MessagePolicy requestPolicy,
      MessagePolicy responsePolicy,
      CallbackHandler handler,
      Map<String, Object> options)
      throws AuthException {
    container = handler;
    otherCallers =
        others
            .getServerAuthConfig(LAYER, application, handler)
            .getAuthContext(null, new Subject(), Map.of());
  }

  @Override
  public Class<?>[] getSupportedMessageTypes() {
    return new Class<?>[] {HttpServletRequest.class, HttpServletResponse.class};
  }

  @Override
  public AuthStatus validateRequest(MessageInfo message, Subject client, Subject service)
      throws AuthException {
    HttpServletRequest request = (HttpServletRequest) message.getRequestMessage();
    Optional<MachineIdentity> machine =
        request.getRequestURI().startsWith(REST, request.getContextPath().length())
            ? Credentials.of(request.getHeader("Authorization"))
                .map(Credentials::token)
                .flatMap(machines::remembered)
            : Optional.empty();
    if (machine.isEmpty()) {
      return otherCallers.validateRequest(message, client, service);
    }
    try {
      container.handle(
          new Callback[] {
            new CallerPrincipalCallback(client, machine.get().name()),
            new GroupPrincipalCallback(client, new String[] {Roles.MACHINE})
          });
    } catch (IOException | UnsupportedCallbackException refused) {
      throw new AuthException(refused);
    }
    request.setAttribute(MACHINE, machine.get());
    return AuthStatus.SUCCESS;
  }

  @Override
  public AuthStatus secureResponse(MessageInfo message, Subject service) throws AuthException {
    return isMachines(message)
        ? AuthStatus.SEND_SUCCESS
        : otherCallers.secureResponse(message, service);
  }

  @Override
  public void cleanSubject(MessageInfo message, Subject subject) throws AuthException {
    if (!isMachines(message)) {
      otherCallers.cleanSubject(message, subject);
    }
  }

  private static boolean isMachines(MessageInfo message) {
    return machine((HttpServletRequest) message.getRequestMessage()) != null;
  }
}
