package io.aihub.web.queue;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;

/**
 * Refuses a call that {@link LeaseFilter} has carried out and found to be refused, so that it is
 * told like every other and is not carried out again.
 */
@Provider
public class LeaseRefusals implements ContainerRequestFilter {

  @Context private HttpServletRequest request;

  @Override
  public void filter(ContainerRequestContext call) throws IOException {
    Object refusal = request.getAttribute(LeaseFilter.REFUSAL);
    if (refusal instanceof NoContentException missing) {
      throw new BadRequestException(missing);
    }
    if (refusal instanceof IOException unreadable) {
      throw unreadable;
    }
    if (refusal instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
