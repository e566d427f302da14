package io.aihub.identity.api;

/**
 * The form of a new account.
 *
 * @param username 1 to 32 lower-case letters, digits, {@code .}, {@code _} and {@code -}, beginning
 *     with a letter or digit
 * @param displayName 1 to 64 characters
 * @param password 8 to 128 characters
 * @param admin null means no
 */
public record NewUser(String username, String displayName, String password, Boolean admin) {

  /** Without the password, so that it cannot end in a log. */
  @Override
  public String toString() {
    return "NewUser[username="
        + username
        + ", displayName="
        + displayName
        + ", admin="
        + admin
        + "]";
  }
}
