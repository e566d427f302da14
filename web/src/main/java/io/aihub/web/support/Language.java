package io.aihub.web.support;

import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.faces.component.UIViewRoot;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Map;
import org.primefaces.PrimeFaces;
import org.primefaces.util.EscapeUtils;

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
  @Inject private Event<LanguageSwitched> switched;
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

  /** Opens this page anew in {@code chosen}, and every later one. */
  public String use(String chosen) {
    remember(chosen);
    String page = FacesContext.getCurrentInstance().getViewRoot().getViewId();
    // an error page is reached by forward only; it has no address of its own to return to
    return page.startsWith("/errors/")
        ? "/tasks/list?faces-redirect=true"
        : page + "?faces-redirect=true&includeViewParams=true";
  }

  /**
   * Goes on in {@code chosen} with this page and every later one: what was typed stays. The action
   * of a button that hands the page's own form in, before its values are looked at.
   */
  public void switchTo(String chosen) {
    remember(chosen);
    FacesContext faces = FacesContext.getCurrentInstance();
    UIViewRoot page = faces.getViewRoot();
    page.setLocale(locale);
    switched.fire(new LanguageSwitched());
    // the browser is at the address that the form was sent to; reloading shall not send it again
    String address =
        faces
            .getApplication()
            .getViewHandler()
            .getBookmarkableURL(faces, page.getViewId(), Map.of(), true);
    PrimeFaces.current()
        .executeInitScript(
            "history.replaceState(null, '', '" + EscapeUtils.forJavaScript(address) + "')");
  }

  private void remember(String chosen) {
    locale = known(chosen);
    String path = request.getContextPath().isEmpty() ? "/" : request.getContextPath();
    FacesContext.getCurrentInstance()
        .getExternalContext()
        .addResponseCookie(
            COOKIE,
            locale.getLanguage(),
            Map.of("path", path, "maxAge", YEAR_IN_SECONDS, "httpOnly", true));
  }

  private static Locale known(String language) {
    return Locale.ENGLISH.getLanguage().equals(language) ? Locale.ENGLISH : Locale.CHINESE;
  }
}
