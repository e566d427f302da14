package io.aihub.web.requirement;

import io.aihub.requirement.api.KnownPackagesView;
import io.aihub.requirement.api.RequirementsView;
import io.aihub.requirement.boundary.RequirementService;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.ConflictException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Language;
import io.aihub.web.support.Notices;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;

/** What a script requires, on every page that shows the script. */
@Named("packages")
@RequestScoped
public class RequiredPackagesBacking {

  @Inject private RequirementService requirements;
  @Inject private ScriptService scripts;
  @Inject private CurrentUser user;
  @Inject private Language language;
  @Inject private Notices notices;

  private final Map<String, RequirementsView> looked = new HashMap<>();
  private String checked;
  private String obstacle;

  /** How far it is; null where the script requires nothing. */
  public RequirementsView of(ScriptView script) {
    String sha256 = script.requirementsSha256();
    return sha256 == null
        ? null
        : looked.computeIfAbsent(sha256, sha -> requirements.get(sha, language.getLocale()));
  }

  /** Whether a machine has yet to say what it comes to. */
  public boolean isPending(ScriptView script) {
    RequirementsView view = of(script);
    return view != null && view.state().isPending();
  }

  /** What is in the way of clients that are to run the script, in a sentence; null: nothing. */
  public String obstacle(ScriptView script) {
    if (of(script) == null) {
      return null;
    }
    if (!script.sha256().equals(checked)) {
      checked = script.sha256();
      try {
        scripts.requireUsable(checked);
        obstacle = null;
      } catch (ConflictException inTheWay) {
        obstacle = inTheWay.message(language.getLocale());
      }
    }
    return obstacle;
  }

  /** Has a machine try once more. */
  public void again(ScriptView script) {
    try {
      requirements.again(user.getUsername(), script.requirementsSha256());
      notices.done("required.again.done");
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    looked.clear();
    checked = null;
  }

  public KnownPackagesView getKnown() {
    return requirements.known();
  }
}
