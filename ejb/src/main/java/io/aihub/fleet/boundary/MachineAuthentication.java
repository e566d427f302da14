package io.aihub.fleet.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.control.MachineRepository;
import io.aihub.fleet.control.MachineTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Knows download servers by their tokens. Asked with each of their requests, so it is apart from
 * {@link MachineService}: an EJB's proxies cost more than the look-up.
 */
@ApplicationScoped
public class MachineAuthentication {

  @Inject private MachineRepository machines;
  @Inject private MachineTokens tokens;

  /** The active machine that a token belongs to. */
  public Optional<MachineIdentity> authenticate(String token) {
    return tokens.owner(token, machines::identify);
  }
}
