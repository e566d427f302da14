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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Who is signed in to the pages of a session. */
@ApplicationScoped
public class PageSession {

  private static final String USERNAME = "io.aihub.username";
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

  /**
   * Sends the browser to the sign-in page. The page that was asked for goes along as the parameter
   * {@code from}, a path below the context root, so that it can be shown afterwards.
   */
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
      String page =
          request.getRequestURI().substring(request.getContextPath().length())
              + (query == null ? "" : "?" + query);
      signIn += "?from=" + URLEncoder.encode(page, StandardCharsets.UTF_8);
    }
    response.sendRedirect(signIn);
  }
}
