package io.aihub.web.support;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.component.UIInput;
import jakarta.faces.component.visit.VisitContext;
import jakarta.faces.component.visit.VisitHint;
import jakarta.faces.component.visit.VisitResult;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.util.EnumSet;
import org.primefaces.PrimeFaces;
import org.primefaces.util.EscapeUtils;

/** What a page refused of what was handed in. */
@Named
@RequestScoped
public class RefusedFields {

  /**
   * Brings the reader to the first of them on the page, whether a converter has refused it or a
   * service.
   */
  public void focusFirst() {
    FacesContext faces = FacesContext.getCurrentInstance();
    if (!faces.isPostback() || faces.getMessageList().isEmpty()) {
      return;
    }
    faces
        .getViewRoot()
        .visitTree(
            VisitContext.createVisitContext(
                faces, null, EnumSet.of(VisitHint.SKIP_UNRENDERED, VisitHint.SKIP_ITERATION)),
            (visit, component) -> {
              String id = component.getClientId(faces);
              if (component instanceof UIInput && isRefused(faces, id)) {
                PrimeFaces.current()
                    .executeScript("focusField('" + EscapeUtils.forJavaScript(id) + "')");
                return VisitResult.COMPLETE;
              }
              return VisitResult.ACCEPT;
            });
  }

  private static boolean isRefused(FacesContext faces, String id) {
    return faces.getMessageList(id).stream()
        .anyMatch(message -> message.getSeverity() == FacesMessage.SEVERITY_ERROR);
  }
}
