package io.aihub.identity.control;

import io.aihub.identity.entity.UserAccount;
import io.aihub.shared.ConflictException;
import io.aihub.shared.ForbiddenException;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The accounts in the database. */
@ApplicationScoped
public class UserRepository {

  /** What a username looks like; anything else is not even looked up. */
  public static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");

  @PersistenceContext private EntityManager entities;

  public Optional<UserAccount> find(String username) {
    if (username == null || !USERNAME.matcher(username).matches()) {
      return Optional.empty();
    }
    return entities
        .createQuery("select u from UserAccount u where u.username = :username", UserAccount.class)
        .setParameter("username", username)
        .getResultStream()
        .findFirst();
  }

  /** The same, kept from others' changes until the transaction ends. */
  public UserAccount forChange(String username) {
    UserAccount account =
        find(username).orElseThrow(() -> new NotFoundException("user.unknown", username));
    entities.refresh(account, LockModeType.PESSIMISTIC_WRITE);
    return account;
  }

  /**
   * The account that acts.
   *
   * @throws ForbiddenException where it does not exist or is not active any more
   */
  public UserAccount actor(String username) {
    return find(username)
        .filter(UserAccount::isActive)
        .orElseThrow(() -> new ForbiddenException("user.inactive"));
  }

  /**
   * The admin that acts.
   *
   * @throws ForbiddenException where it is no active admin
   */
  public UserAccount admin(String username) {
    UserAccount actor = actor(username);
    if (!actor.isAdmin()) {
      throw new ForbiddenException("user.admin.only");
    }
    return actor;
  }

  public List<UserAccount> all() {
    return entities
        .createQuery("select u from UserAccount u order by u.username", UserAccount.class)
        .getResultList();
  }

  public boolean isEmpty() {
    return entities
        .createQuery("select u.id from UserAccount u", Long.class)
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  /**
   * Keeps a new account.
   *
   * @throws ConflictException where the username is taken
   */
  public void add(UserAccount account) {
    UniqueViolation.translate(
        () -> {
          entities.persist(account);
          entities.flush();
        },
        () -> new ConflictException("user.exists", account.username()));
  }
}
