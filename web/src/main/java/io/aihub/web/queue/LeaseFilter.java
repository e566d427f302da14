package io.aihub.web.queue;

import com.fasterxml.jackson.core.JacksonException;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.boundary.LeaseOffer;
import io.aihub.queue.boundary.LeaseService;
import io.aihub.queue.boundary.UploadService;
import io.aihub.web.identity.Caller;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NoContentException;
import java.io.IOException;
import java.util.Locale;
import java.util.UUID;

/**
 * Answers, before JAX-RS, the operations of {@link LeaseResource} that a fleet calls all day:
 * JAX-RS takes as long for such a call as the queue itself. It answers as the resource does. What
 * is out of the ordinary goes on to the resource: other operations and media types, callers that
 * are no machines, very long bodies; and so does a call that is refused, with the refusal, because
 * JAX-RS's exception mappers know how to tell it (see {@link LeaseRefusals}).
 */
@WebFilter(urlPatterns = LeaseFilter.PATH + "/*", asyncSupported = true)
public class LeaseFilter extends HttpFilter {

  static final String PATH = "/api/leases";

  /** Attribute of a request that was carried out already and refused: the exception. */
  static final String REFUSAL = LeaseFilter.class.getName() + ".refusal";

  private static final long serialVersionUID = 1L;
  private static final String SETTLE = "/settle";
  private static final String UPLOADS = "/uploads";
  private static final int UUID_LENGTH = 36;
  private static final int LONGEST_BODY = 1 << 20;

  @Inject private transient LeaseService leases;
  @Inject private transient UploadService uploads;
  @Inject private transient Caller caller;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String operation = request.getRequestURI().substring(request.getContextPath().length());
    boolean lease = operation.equals(PATH);
    UUID settled = lease ? null : leaseOf(operation, SETTLE);
    UUID uploading = lease || settled != null ? null : leaseOf(operation, UPLOADS);
    if ((lease || settled != null || uploading != null)
        && isOrdinary(request)
        && caller.isMachine()) {
      byte[] body = request.getInputStream().readNBytes(request.getContentLength());
      try {
        Record answer;
        if (lease) {
          answer = lease(LeaseJson.read(LeaseRequest.class, body), response);
        } else if (settled != null) {
          SettleRequest report = LeaseJson.read(SettleRequest.class, body);
          answer = leases.settle(caller.machine(), settled, report);
        } else {
          UploadRequest files = LeaseJson.read(UploadRequest.class, body);
          answer = uploads.grant(caller.machine(), uploading, files);
        }
        if (answer != null) {
          write(LeaseJson.write(answer), response);
        }
        return;
      } catch (JacksonException | NoContentException | RuntimeException refusal) {
        request.setAttribute(REFUSAL, refusal);
      }
    }
    chain.doFilter(request, response);
  }

  /**
   * The lease in the address of an operation on it; null where it is another operation's address.
   *
   * @param end how the operation's addresses end
   */
  private static UUID leaseOf(String address, String end) {
    int idEnd = address.length() - end.length();
    int begin = PATH.length() + 1;
    if (idEnd - begin != UUID_LENGTH || !address.endsWith(end)) {
      return null;
    }
    try {
      return UUID.fromString(address.substring(begin, idEnd));
    } catch (IllegalArgumentException noUuid) {
      return null;
    }
  }

  private static boolean isOrdinary(HttpServletRequest request) {
    int length = request.getContentLength();
    return request.getMethod().equals("POST")
        && length > 0
        && length <= LONGEST_BODY
        && isJson(request.getContentType())
        && isAnswerJson(request.getHeader(HttpHeaders.ACCEPT));
  }

  private static boolean isJson(String type) {
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_JSON)
        && (type.length() == MediaType.APPLICATION_JSON.length()
            || type.charAt(MediaType.APPLICATION_JSON.length()) == ';');
  }

  private static boolean isAnswerJson(String accept) {
    return accept == null
        || accept.equals(MediaType.APPLICATION_JSON)
        || accept.equals(MediaType.WILDCARD);
  }

  /** Null where there are no lines; the answer has no body then. */
  private LeaseGrant lease(LeaseRequest request, HttpServletResponse response) {
    LeaseOffer offer = leases.lease(caller.machine(), request);
    if (offer.grant() == null) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      response.setIntHeader(HttpHeaders.RETRY_AFTER, offer.retryAfterSeconds());
    }
    return offer.grant();
  }

  private static void write(byte[] body, HttpServletResponse response) throws IOException {
    response.setContentType(MediaType.APPLICATION_JSON);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
