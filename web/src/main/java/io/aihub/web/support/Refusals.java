package io.aihub.web.support;

import io.aihub.shared.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;

/** Says to a program, in the form of its protocol, that it must say who it is. */
@ApplicationScoped
public class Refusals {

  private static final Reason UNAUTHENTICATED = Reason.of("request.unauthenticated");

  private final Jsonb json = JsonbBuilder.create();

  /** A problem document. */
  public void unauthenticatedRest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Locale reader = challenge(request, response);
    response.addHeader("WWW-Authenticate", "Bearer realm=\"AIHub\"");
    response.setContentType(Problem.MEDIA_TYPE);
    response.getWriter().write(json.toJson(Problem.of(401, UNAUTHENTICATED, reader)));
  }

  /** A fault of SOAP 1.1. */
  public void unauthenticatedSoap(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Locale reader = challenge(request, response);
    response.setContentType("text/xml");
    response
        .getWriter()
        .write(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>"
                + "<S:Fault><faultcode>S:Client</faultcode><faultstring>"
                + UNAUTHENTICATED.message(reader)
                + "</faultstring></S:Fault></S:Body></S:Envelope>");
  }

  private static Locale challenge(HttpServletRequest request, HttpServletResponse response) {
    Locale reader = ReaderLanguage.of(request.getHeader("Accept-Language"));
    response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Content-Language", reader.getLanguage());
    response.addHeader("WWW-Authenticate", "Basic realm=\"AIHub\", charset=\"UTF-8\"");
    return reader;
  }
}
