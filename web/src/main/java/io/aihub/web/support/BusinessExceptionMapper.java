package io.aihub.web.support;

import io.aihub.shared.BusinessException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What a service refuses, in its own words. */
@Provider
@ApplicationScoped
public class BusinessExceptionMapper implements ExceptionMapper<BusinessException> {

  /** When to try again where something that the server depends on does not answer. */
  static final int RETRY_AFTER_SECONDS = 10;

  @Inject private ProblemResponses responses;

  @Override
  public Response toResponse(BusinessException refusal) {
    Response.ResponseBuilder answer = responses.of(Problem.of(refusal, responses.reader()));
    if (refusal.kind() == BusinessException.Kind.UNAVAILABLE) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer.build();
  }
}
