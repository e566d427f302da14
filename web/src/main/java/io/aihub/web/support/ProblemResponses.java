package io.aihub.web.support;

import io.aihub.shared.Reason;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;

/** Makes the answers of the exception mappers, in the caller's language. */
@RequestScoped
class ProblemResponses {

  @Inject private HttpServletRequest request;

  Response of(int status, Reason reason) {
    return of(Problem.of(status, reason, reader())).build();
  }

  Response of(int status, String field, Reason reason) {
    return of(Problem.of(status, reason, field, reader())).build();
  }

  Response of(int status, List<Problem.FieldProblem> errors) {
    return of(Problem.of(status, errors, reader())).build();
  }

  Response.ResponseBuilder of(Problem problem) {
    return Response.status(problem.status())
        .type(Problem.MEDIA_TYPE)
        .language(reader())
        .entity(problem);
  }

  Locale reader() {
    return ReaderLanguage.of(request.getHeader("Accept-Language"));
  }
}
