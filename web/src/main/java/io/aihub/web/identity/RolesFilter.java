package io.aihub.web.identity;

import jakarta.annotation.Priority;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.util.Arrays;

/**
 * Holds every REST operation to its {@link MachinesOnly} or {@link RolesAllowed}, so that a refusal
 * has the form of all other errors; an operation without one is for nobody.
 */
@Provider
@Priority(Priorities.AUTHORIZATION)
@ApplicationScoped
public class RolesFilter implements ContainerRequestFilter {

  @Context private ResourceInfo resource;
  @Inject private Caller caller;

  @Override
  public void filter(ContainerRequestContext request) {
    if (!isAllowed(request.getSecurityContext())) {
      throw new ForbiddenException();
    }
  }

  private boolean isAllowed(SecurityContext security) {
    if (resource.getResourceClass().isAnnotationPresent(MachinesOnly.class)) {
      return caller.isMachine();
    }
    RolesAllowed allowed = resource.getResourceMethod().getAnnotation(RolesAllowed.class);
    if (allowed == null) {
      allowed = resource.getResourceClass().getAnnotation(RolesAllowed.class);
    }
    return allowed != null && Arrays.stream(allowed.value()).anyMatch(security::isUserInRole);
  }
}
