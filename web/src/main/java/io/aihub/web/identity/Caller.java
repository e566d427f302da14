package io.aihub.web.identity;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.identity.api.UserView;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;

/** Who sent this request, as {@link Authentication} or {@link MachineAuthModule} found out. */
@RequestScoped
public class Caller {

  @Inject private HttpServletRequest request;
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
    MachineIdentity caller = known();
    if (caller == null) {
      throw new IllegalStateException("no machine calls");
    }
    return caller;
  }

  /** Whether a download server calls. */
  public boolean isMachine() {
    return known() != null;
  }

  private MachineIdentity known() {
    return machine == null ? MachineAuthModule.machine(request) : machine;
  }

  void is(UserView caller) {
    user = caller;
  }

  void is(MachineIdentity caller) {
    machine = caller;
  }
}
