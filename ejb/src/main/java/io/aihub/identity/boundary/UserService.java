package io.aihub.identity.boundary;

import io.aihub.identity.api.NewUser;
import io.aihub.identity.api.UserView;
import io.aihub.identity.control.CredentialCache;
import io.aihub.identity.control.PasswordHasher;
import io.aihub.identity.control.SignInBrake;
import io.aihub.identity.control.UserRepository;
import io.aihub.identity.entity.UserAccount;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The accounts of people and of the programs that act for them. */
@Stateless
public class UserService {

  private static final int MIN_PASSWORD = 8;
  private static final int MAX_PASSWORD = 128;

  /** What the history calls the system's own doings; nobody may go by this name. */
  private static final String SYSTEM = "system";

  @Inject private UserRepository users;
  @Inject private PasswordHasher hasher;
  @Inject private CredentialCache checked;
  @Inject private SignInBrake brake;
  @Inject private Clock clock;

  /** Makes an account; only admins may. */
  public UserView create(String actor, NewUser form) {
    users.admin(actor);
    return add(form);
  }

  /** Makes the very first account, an admin; changes nothing where there are accounts already. */
  public Optional<UserView> createFirstAdmin(String username, String password) {
    if (!users.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(add(new NewUser(username, username, password, true)));
  }

  /** Whether nobody can sign in yet, because there is no account at all. */
  public boolean hasNoAccounts() {
    return users.isEmpty();
  }

  private UserView add(NewUser form) {
    InputCheck check = new InputCheck();
    String username =
        check.requiredName(
            "username", form.username(), UserRepository.USERNAME, "user.username.invalid");
    String displayName = check.requiredText("displayName", form.displayName(), 64);
    checkPassword(check, "password", form.password());
    if (SYSTEM.equals(username)) {
      check.reject("username", "user.username.reserved", username);
    }
    check.finish();
    if (users.find(username).isPresent()) {
      throw new ConflictException("user.exists", username);
    }
    UserAccount account =
        new UserAccount(
            username,
            displayName,
            hasher.hash(form.password()),
            Boolean.TRUE.equals(form.admin()),
            clock.instant());
    users.add(account);
    return view(account);
  }

  /** All accounts by name; only admins may see the list. */
  public List<UserView> list(String actor) {
    users.admin(actor);
    return users.all().stream().map(UserService::view).toList();
  }

  /** Everybody who may receive a task of {@code actor}'s: active, and somebody else. */
  public List<UserView> receivers(String actor) {
    users.actor(actor);
    return users.all().stream()
        .filter(account -> account.isActive() && !account.username().equals(actor))
        .map(UserService::view)
        .toList();
  }

  public UserView get(String username) {
    return users
        .find(username)
        .map(UserService::view)
        .orElseThrow(() -> new NotFoundException("user.unknown", username));
  }

  /**
   * The account, where the password is its own and it is active. A password that was right is
   * remembered for a minute, because Argon2 on every request of a program would be dear; a change
   * of the password or of the account acts at once all the same.
   *
   * @param address where the caller is; who goes on with wrong passwords from there is told to
   *     wait, see {@link #signInPause}
   */
  public Optional<UserView> authenticate(String username, String password, String address) {
    if (password == null || password.length() > MAX_PASSWORD) {
      return Optional.empty();
    }
    Optional<UserAccount> account = users.find(username);
    if (account.isEmpty() || !checked.knows(password, account.get().passwordHash())) {
      if (!brake.pause(username, address).isZero()) {
        return Optional.empty();
      }
      if (!isRight(password, account)) {
        brake.failed(username, address);
        return Optional.empty();
      }
      brake.succeeded(username, address);
      checked.remember(password, account.get().passwordHash());
    }
    return account.filter(UserAccount::isActive).map(UserService::view);
  }

  private boolean isRight(String password, Optional<UserAccount> account) {
    if (account.isEmpty()) {
      hasher.hash(password); // takes as long as a wrong password
      return false;
    }
    return hasher.matches(password, account.get().passwordHash());
  }

  /** How long no more passwords for an account are looked at from an address; mostly zero. */
  public Duration signInPause(String username, String address) {
    return brake.pause(username, address);
  }

  /** Lets an account sign in again; only admins may. */
  public UserView activate(String actor, String username) {
    users.admin(actor);
    UserAccount account = users.forChange(username);
    account.activate();
    return view(account);
  }

  /** Shuts an account out at once, keeping its history; only admins may, and not their own. */
  public UserView deactivate(String actor, String username) {
    users.admin(actor);
    if (actor.equals(username)) {
      throw new ConflictException("user.deactivate.self");
    }
    UserAccount account = users.forChange(username);
    account.deactivate();
    return view(account);
  }

  /**
   * Changes a password: a person's own, who must know the current one, or anybody's by an admin.
   *
   * @param current the password so far; not looked at where an admin changes somebody else's
   */
  public void changePassword(String actor, String username, String current, String next) {
    boolean own = actor.equals(username);
    if (own) {
      users.actor(actor);
    } else {
      users.admin(actor);
    }
    InputCheck check = new InputCheck();
    checkPassword(check, "password", next);
    check.finish();
    UserAccount account = users.forChange(username);
    if (own && (current == null || !hasher.matches(current, account.passwordHash()))) {
      throw new InvalidException("currentPassword", "user.password.wrong");
    }
    account.changePassword(hasher.hash(next));
  }

  private static void checkPassword(InputCheck check, String field, String password) {
    if (password == null || password.isEmpty()) {
      check.reject(field, "input.required", field);
    } else if (password.length() < MIN_PASSWORD || password.length() > MAX_PASSWORD) {
      check.reject(field, "user.password.length", MIN_PASSWORD, MAX_PASSWORD);
    }
  }

  private static UserView view(UserAccount account) {
    return new UserView(
        account.username(),
        account.displayName(),
        account.isAdmin(),
        account.isActive(),
        account.createdAt());
  }
}
