package io.aihub.web.identity;

/**
 * A new password.
 *
 * @param currentPassword the password so far; may be missing where an admin changes somebody else's
 * @param password 8 to 128 characters
 */
public record PasswordChange(String currentPassword, String password) {

  /** Without the passwords, so that they cannot end in a log. */
  @Override
  public String toString() {
    return "PasswordChange[]";
  }
}
