package io.aihub.fleet.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineToken;
import io.aihub.fleet.api.MachineView;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.control.MachineRepository;
import io.aihub.fleet.control.MachineTokens;
import io.aihub.fleet.entity.Machine;
import io.aihub.identity.control.UserRepository;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The download servers: who they are, what they say of themselves. */
@Stateless
public class MachineService {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern TAG =
      Pattern.compile("[\\p{IsHan}A-Za-z0-9][\\p{IsHan}A-Za-z0-9._-]{0,63}");

  @Inject private MachineRepository machines;
  @Inject private MachineTokens tokens;
  @Inject private UserRepository users;
  @Inject private Clock clock;

  /** Registers a download server and makes its token; only admins may. */
  public MachineToken create(String actor, NewMachine form) {
    users.admin(actor);
    InputCheck check = new InputCheck();
    String name = check.requiredName("name", form.name(), NAME, "machine.name.invalid");
    String tag = check.requiredName("tag", form.tag(), TAG, "machine.tag.invalid");
    check.finish();
    if (machines.knowsName(name)) {
      throw new ConflictException("machine.exists", name);
    }
    String token = tokens.make();
    machines.add(new Machine(name, tag, tokens.hash(token), clock.instant()));
    return new MachineToken(name, tag, token);
  }

  /**
   * Replaces a machine's token; only admins may. The old one is refused at once by this server, and
   * within five seconds by any other.
   */
  public MachineToken replaceToken(String actor, String name) {
    users.admin(actor);
    Machine machine = machines.forChange(name);
    String token = tokens.make();
    machine.replaceToken(tokens.hash(token));
    tokens.forget();
    return new MachineToken(machine.name(), machine.tag(), token);
  }

  /** Accepts a machine's token again; only admins may. */
  public void activate(String actor, String name) {
    users.admin(actor);
    machines.forChange(name).activate();
    tokens.forget();
  }

  /** Refuses a machine's token from now on; only admins may. */
  public void deactivate(String actor, String name) {
    users.admin(actor);
    machines.forChange(name).deactivate();
    tokens.forget();
  }

  /** The active machine whose token has this hash. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public Optional<MachineIdentity> identify(String tokenHash) {
    return machines.identify(tokenHash);
  }

  /** Keeps what a machine says of itself. */
  public void reportStatus(MachineIdentity machine, MachineStatus status, String address) {
    machines.report(machine.id(), status, address, clock.instant());
  }

  /** Every machine by name, with what it last said. */
  public List<MachineView> list() {
    return machines.views();
  }

  /** The machine tags that tasks can be given to. */
  public List<String> tags() {
    return machines.tags();
  }
}
