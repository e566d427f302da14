package io.aihub.web.support;

import io.aihub.shared.BusinessException;
import io.aihub.shared.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/** What JAX-RS itself refuses: no such address, no such method, another media type and so on. */
@Provider
@ApplicationScoped
public class WebApplicationExceptionMapper implements ExceptionMapper<WebApplicationException> {

  private static final List<String> KEPT = List.of(HttpHeaders.ALLOW, HttpHeaders.RETRY_AFTER);

  @Inject private ProblemResponses responses;

  @Override
  public Response toResponse(WebApplicationException refused) {
    Response original = refused.getResponse();
    if (original.getStatus() < 400) {
      return original;
    }
    for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof BusinessException refusal) {
        return responses.of(Problem.of(refusal, responses.reader())).build();
      }
      if (cause instanceof NoContentException) {
        return responses.of(400, Reason.of("request.body.missing"));
      }
    }
    JsonErrors json = JsonErrors.of(refused);
    if (json != null) {
      return responses.of(400, json.field(), json.reason());
    }
    Response.ResponseBuilder answer =
        responses.of(
            Problem.of(original.getStatus(), reason(original.getStatus()), responses.reader()));
    for (String header : KEPT) {
      if (original.getHeaderString(header) != null) {
        answer.header(header, original.getHeaderString(header));
      }
    }
    return answer.build();
  }

  private static Reason reason(int status) {
    return switch (status) {
      case 400 -> Reason.of("request.parameter");
      case 403 -> Reason.of("request.forbidden");
      case 404 -> Reason.of("request.notFound");
      case 405 -> Reason.of("request.method");
      case 406 -> Reason.of("request.notAcceptable");
      case 415 -> Reason.of("request.mediaType");
      default -> Reason.of("request.refused", status);
    };
  }
}
