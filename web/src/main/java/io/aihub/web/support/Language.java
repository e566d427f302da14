package io.aihub.web.support;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Map;

/**
 * The language of the pages: Chinese unless the reader chose English. The choice is kept in a
 * cookie, so that it outlives the session and works before the sign-in.
 */
@Named
@RequestScoped
public class Language {

  private static final String COOKIE = "aihub.language";
  private static final int YEAR_IN_SECONDS = 365 * 24 * 3600;

  @Inject private HttpServletRequest request;
  private Locale locale;

  public Locale getLocale() {
    if (locale == null) {
      locale = Locale.CHINESE;
      if (request.getCookies() != null) {
        for (Cookie cookie : request.getCookies()) {
          if (COOKIE.equals(cookie.getName())) {
            locale = known(cookie.getValue());
          }
        }
      }
    }
    return locale;
  }

  /** The value of the page's {@code lang} attribute. */
  public String getTag() {
    return getLocale().equals(Locale.ENGLISH) ? "en" : "zh-CN";
  }

  /** Shows this page again in {@code chosen}, and every later one. */
  public String use(String chosen) {
    FacesContext faces = FacesContext.getCurrentInstance();
    locale = known(chosen);
    String path = request.getContextPath().isEmpty() ? "/" : request.getContextPath();
    faces
        .getExternalContext()
        .addResponseCookie(
            COOKIE,
            locale.getLanguage(),
            Map.of("path", path, "maxAge", YEAR_IN_SECONDS, "httpOnly", true));
    String page = faces.getViewRoot().getViewId();
    // an error page is reached by forward only; it has no address of its own to return to
    return page.startsWith("/errors/")
        ? "/tasks/list?faces-redirect=true"
        : page + "?faces-redirect=true&includeViewParams=true";
  }

  private static Locale known(String language) {
    return Locale.ENGLISH.getLanguage().equals(language) ? Locale.ENGLISH : Locale.CHINESE;
  }
}
