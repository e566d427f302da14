package io.aihub.fleet.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;

/**
 * A download server. It holds one revocable token and nothing else; the database keeps only the
 * token's SHA-256.
 */
@Entity
@Table(name = "machine")
public class Machine {

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "machine_seq")
  @SequenceGenerator(name = "machine_seq", sequenceName = "machine_seq", allocationSize = 1)
  private Long id;

  @Version private long version;
  private String name;
  private String tag;

  @Column(name = "token_hash")
  private String tokenHash;

  private boolean active = true;

  @Column(name = "created_at")
  private Instant createdAt;

  protected Machine() {} // for JPA

  public Machine(String name, String tag, String tokenHash, Instant createdAt) {
    this.name = name;
    this.tag = tag;
    this.tokenHash = tokenHash;
    this.createdAt = createdAt;
  }

  public Long id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** The machine tag (机器标签): machines of one tag share one ordered queue of tasks. */
  public String tag() {
    return tag;
  }

  public String tokenHash() {
    return tokenHash;
  }

  /** Replaces the token; the old one is refused from then on. */
  public void replaceToken(String newHash) {
    tokenHash = newHash;
  }

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
}
