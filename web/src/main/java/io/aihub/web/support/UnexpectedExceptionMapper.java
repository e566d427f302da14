package io.aihub.web.support;

import io.aihub.shared.BusinessException;
import io.aihub.shared.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.OptimisticLockException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Everything else. The caller learns an incident number and nothing of the inside; the log has the
 * rest.
 */
@Provider
@ApplicationScoped
public class UnexpectedExceptionMapper implements ExceptionMapper<Throwable> {

  @Inject private ProblemResponses responses;
  @Inject private Incidents incidents;
  @Inject private BusinessExceptionMapper refusals;
  @Inject private ConstraintViolationMapper violations;

  @Override
  public Response toResponse(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BusinessException refusal) {
        return refusals.toResponse(refusal);
      }
      if (cause instanceof ConstraintViolationException violated) {
        return violations.toResponse(violated);
      }
      if (cause instanceof OptimisticLockException) {
        return responses.of(409, Reason.of("shared.concurrent"));
      }
    }
    JsonErrors json = JsonErrors.of(failure);
    if (json != null) {
      return responses.of(400, json.field(), json.reason());
    }
    String incident = incidents.record(failure);
    return responses.of(Problem.incident(incident, responses.reader())).build();
  }
}
