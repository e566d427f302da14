package io.aihub.identity.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;

/** A person, or a program acting for one, who signs in with a name and a password. */
@Entity
@Table(name = "user_account")
public class UserAccount {

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "user_account_seq")
  @SequenceGenerator(
      name = "user_account_seq",
      sequenceName = "user_account_seq",
      allocationSize = 1)
  private Long id;

  @Version private long version;
  private String username;

  @Column(name = "display_name")
  private String displayName;

  @Column(name = "password_hash")
  private String passwordHash;

  private boolean admin;
  private boolean active = true;

  @Column(name = "created_at")
  private Instant createdAt;

  protected UserAccount() {} // for JPA

  public UserAccount(
      String username, String displayName, String passwordHash, boolean admin, Instant createdAt) {
    this.username = username;
    this.displayName = displayName;
    this.passwordHash = passwordHash;
    this.admin = admin;
    this.createdAt = createdAt;
  }

  public Long id() {
    return id;
  }

  /** The sign-in name; unique, never changed. */
  public String username() {
    return username;
  }

  /** The name that pages show, for example 李晓. */
  public String displayName() {
    return displayName;
  }

  public String passwordHash() {
    return passwordHash;
  }

  public void changePassword(String newHash) {
    passwordHash = newHash;
  }

  public boolean isAdmin() {
    return admin;
  }

  /**
   * Inactive accounts stay for the history they are named in, but cannot sign in or receive tasks.
   */
  public boolean isActive() {
    return active;
  }

  public void deactivate() {
    active = false;
  }

  public void activate() {
    active = true;
  }

  public Instant createdAt() {
    return createdAt;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserAccount account && username.equals(account.username);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(username);
  }
}
