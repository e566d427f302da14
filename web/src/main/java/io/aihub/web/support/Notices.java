package io.aihub.web.support;

import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.component.UIComponent;
import jakarta.faces.component.UIInput;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import java.util.List;

/** Brings what a service says to the reader: beside the field it is about, or above the page. */
@RequestScoped
public class Notices {

  @Inject private Language language;
  @Inject private TextFormat text;

  /** Something was done; {@code key} is the text's key in the page's bundle. */
  public void done(String key, Object... arguments) {
    FacesContext.getCurrentInstance()
        .addMessage(
            null, new FacesMessage(FacesMessage.SEVERITY_INFO, text.message(key, arguments), null));
  }

  /** The same, shown after a redirect to another page. */
  public void doneBeforeLeaving(String key, Object... arguments) {
    FacesContext.getCurrentInstance().getExternalContext().getFlash().setKeepMessages(true);
    done(key, arguments);
  }

  /** Something was refused. */
  public void refused(String key, Object... arguments) {
    addError(null, text.message(key, arguments));
  }

  /**
   * A service refused. Each broken field is marked in the form with the id {@code form}, whose
   * inputs go by the names of the service's fields.
   */
  public void refused(BusinessException refusal) {
    if (refusal instanceof InvalidException invalid) {
      for (FieldError error : invalid.errors()) {
        mark(error.field(), inWords(error.reason(), error.field()));
      }
    } else {
      mark(refusal.field(), inWords(refusal.reason(), refusal.field()));
    }
  }

  /** The reason's text in the page's own terms: fields by their labels, states by their names. */
  private String inWords(Reason reason, String field) {
    List<String> arguments =
        reason.arguments().stream().map(argument -> inWords(argument, field)).toList();
    // beside a field, some things are said in fewer words than in an answer to a program
    String shorter = "page." + reason.code();
    return text.has(shorter)
        ? text.message(shorter, arguments.toArray())
        : new Reason(reason.code(), arguments).message(language.getLocale());
  }

  private String inWords(String argument, String field) {
    UIComponent input = argument.equals(field) ? input(field) : null;
    Object label = input == null ? null : input.getAttributes().get("label");
    if (label != null) {
      return label.toString();
    }
    String state = "TaskState." + argument;
    return text.has(state) ? text.message(state) : argument;
  }

  private void mark(String field, String message) {
    UIComponent input = input(field);
    if (input instanceof UIInput refused
        && (refused.getValue() == null || refused.getValue() instanceof String)) {
      // an invalid input shows what was submitted, and the service has refused it after the fact
      refused.setSubmittedValue(refused.getValue());
      refused.setValid(false);
    }
    addError(input == null ? null : input.getClientId(FacesContext.getCurrentInstance()), message);
  }

  private static UIComponent input(String field) {
    return field == null
        ? null
        : FacesContext.getCurrentInstance().getViewRoot().findComponent("form:" + field);
  }

  private static void addError(String clientId, String message) {
    FacesContext.getCurrentInstance()
        .addMessage(clientId, new FacesMessage(FacesMessage.SEVERITY_ERROR, message, null));
  }
}
