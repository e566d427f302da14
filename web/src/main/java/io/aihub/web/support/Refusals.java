package io.aihub.web.support;

import io.aihub.shared.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Says to a program, in the form of its protocol, that it must say who it is. */
@ApplicationScoped
public class Refusals {

  private static final Reason UNAUTHENTICATED = Reason.of("request.unauthenticated");

  /** RFC 6585. */
  private static final int TOO_MANY_REQUESTS = 429;

  private final Jsonb json = JsonbBuilder.create();

  /**
   * A problem document.
   *
   * @param pause how long no more passwords are looked at; zero where the next one is
   */
  public void unauthenticatedRest(
      HttpServletRequest request, HttpServletResponse response, Duration pause) throws IOException {
    Locale reader = challenge(request, response, pause);
    if (pause.isZero()) {
      response.addHeader("WWW-Authenticate", "Bearer realm=\"AIHub\"");
    }
    response.setContentType(Problem.MEDIA_TYPE);
    response
        .getWriter()
        .write(json.toJson(Problem.of(response.getStatus(), reason(pause), reader)));
  }

  /** A fault of SOAP 1.1; the same {@code pause}. */
  public void unauthenticatedSoap(
      HttpServletRequest request, HttpServletResponse response, Duration pause) throws IOException {
    Locale reader = challenge(request, response, pause);
    response.setContentType("text/xml");
    response
        .getWriter()
        .write(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                + "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>"
                + "<S:Fault><faultcode>S:Client</faultcode><faultstring>"
                + reason(pause).message(reader)
                + "</faultstring></S:Fault></S:Body></S:Envelope>");
  }

  private static Reason reason(Duration pause) {
    return pause.isZero() ? UNAUTHENTICATED : Reason.of("request.signIn.paused", seconds(pause));
  }

  /** Whole seconds after which a pause is over. */
  public static long seconds(Duration pause) {
    return pause.toSeconds() + 1;
  }

  private static Locale challenge(
      HttpServletRequest request, HttpServletResponse response, Duration pause) {
    Locale reader = ReaderLanguage.of(request.getHeader("Accept-Language"));
    if (pause.isZero()) {
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      response.addHeader("WWW-Authenticate", "Basic realm=\"AIHub\", charset=\"UTF-8\"");
    } else {
      response.setStatus(TOO_MANY_REQUESTS);
      response.setHeader("Retry-After", String.valueOf(seconds(pause)));
    }
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Content-Language", reader.getLanguage());
    return reader;
  }
}
