package io.aihub.web.identity;

import io.aihub.identity.api.UserView;
import io.aihub.identity.boundary.UserService;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Optional;

/** Who is signed in to the pages of a session, and where they wanted to go before. */
@ApplicationScoped
public class PageSession {

  private static final String USERNAME = "io.aihub.username";
  private static final String WANTED = "io.aihub.wanted";
  private static final String SIGN_IN_PAGE = "/login.xhtml";

  @Inject private UserService users;

  /** Empty where nobody is signed in, or the account was shut out meanwhile. */
  Optional<UserView> user(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object username = session == null ? null : session.getAttribute(USERNAME);
    if (username == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(users.get((String) username)).filter(UserView::active);
    } catch (NotFoundException gone) {
      return Optional.empty();
    }
  }

  /** Remembers who signed in, under a new session id: one planted before is worth nothing. */
  void open(HttpServletRequest request, String username) {
    request.getSession(true);
    request.changeSessionId();
    request.getSession().setAttribute(USERNAME, username);
  }

  /** Sends the browser to the sign-in page; a page that was asked for is shown afterwards. */
  void askToSignIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String signIn = request.getContextPath() + SIGN_IN_PAGE;
    if ("partial/ajax".equals(request.getHeader("Faces-Request"))) {
      response.setContentType("text/xml;charset=UTF-8");
      response
          .getWriter()
          .write(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?><partial-response><redirect url=\""
                  + signIn
                  + "\"/></partial-response>");
      return;
    }
    if ("GET".equals(request.getMethod())) {
      String query = request.getQueryString();
      request
          .getSession(true)
          .setAttribute(WANTED, request.getRequestURI() + (query == null ? "" : "?" + query));
    }
    response.sendRedirect(signIn);
  }

  /** The address on this server that was asked for before the sign-in, once; else {@code other}. */
  String takeWanted(HttpServletRequest request, String other) {
    HttpSession session = request.getSession(false);
    Object wanted = session == null ? null : session.getAttribute(WANTED);
    if (wanted == null) {
      return other;
    }
    session.removeAttribute(WANTED);
    return (String) wanted;
  }
}
