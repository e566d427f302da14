package io.aihub.identity.boundary;

import io.aihub.shared.BusinessException;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the first admin from the configuration where there are no accounts yet. There is no default
 * password: one that everybody knows is none.
 */
@Singleton
@Startup
@DependsOn("SchemaMigration")
public class FirstAdmin {

  private static final Logger LOG = System.getLogger(FirstAdmin.class.getName());

  @Inject private UserService users;

  @Inject
  @ConfigProperty(name = "aihub.identity.admin-username", defaultValue = "admin")
  private String username;

  @Inject
  @ConfigProperty(name = "aihub.identity.admin-password")
  private Optional<String> password;

  @PostConstruct
  @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
  void create() {
    if (!users.hasNoAccounts()) {
      return;
    }
    if (password.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "There are no accounts yet, so nobody can sign in. Set aihub.identity.admin-password"
              + " (or the environment variable AIHUB_IDENTITY_ADMIN_PASSWORD) and start again:"
              + " the account ''{0}'' is then made with it.",
          username);
      return;
    }
    try {
      users
          .createFirstAdmin(username, password.get())
          .ifPresent(made -> LOG.log(Level.INFO, "Made the first admin, {0}.", made.username()));
    } catch (BusinessException e) {
      LOG.log(
          Level.ERROR,
          "The first admin cannot be made from aihub.identity.admin-username and"
              + " aihub.identity.admin-password: {0}",
          e.getMessage());
    }
  }
}
