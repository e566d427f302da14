package io.aihub.web.identity;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.identity.api.UserView;
import jakarta.enterprise.context.RequestScoped;

/** Who sent this request, as {@link Authentication} found out. */
@RequestScoped
public class Caller {

  private UserView user;
  private MachineIdentity machine;

  /** The account of the person, or null where a machine or nobody calls. */
  public UserView user() {
    return user;
  }

  /** The name that services take as the actor. */
  public String username() {
    if (user == null) {
      throw new IllegalStateException("no person calls");
    }
    return user.username();
  }

  /** The machine; only for resources that machines alone may call. */
  public MachineIdentity machine() {
    if (machine == null) {
      throw new IllegalStateException("no machine calls");
    }
    return machine;
  }

  /** Whether a download server calls. */
  public boolean isMachine() {
    return machine != null;
  }

  void is(UserView caller) {
    user = caller;
  }

  void is(MachineIdentity caller) {
    machine = caller;
  }
}
