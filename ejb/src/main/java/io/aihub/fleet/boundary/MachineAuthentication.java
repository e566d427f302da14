package io.aihub.fleet.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.control.MachineTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Knows download servers by their tokens. Asked with each of their requests, and nearly always able
 * to answer from memory, so it is no EJB: an EJB's proxies cost more than the answer. The database
 * is asked through one: before a request has reached its servlet there is no component whose entity
 * manager could be used.
 */
@ApplicationScoped
public class MachineAuthentication {

  @Inject private MachineService machines;
  @Inject private MachineTokens tokens;

  /** The active machine that a token belongs to, if memory alone can tell. */
  public Optional<MachineIdentity> remembered(String token) {
    return tokens.remembered(token);
  }

  /** The active machine that a token belongs to. */
  public Optional<MachineIdentity> authenticate(String token) {
    return tokens.owner(token, machines::identify);
  }
}
