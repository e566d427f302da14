package io.aihub.script.entity;

import io.aihub.identity.entity.UserAccount;
import jakarta.persistence.Basic;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;

/** One immutable version of a download script, known by the SHA-256 of its source. */
@Entity
@Table(name = "script_version")
public class ScriptVersion {

  @Id private String sha256;
  private String name;

  @Basic(fetch = FetchType.LAZY) // up to 1 MiB, and lists do not show it
  private String source;

  private String note;
  @ManyToOne private UserAccount author;

  @Column(name = "created_at")
  private Instant createdAt;

  protected ScriptVersion() {} // for JPA

  public ScriptVersion(
      String sha256,
      String name,
      String source,
      String note,
      UserAccount author,
      Instant createdAt) {
    this.sha256 = sha256;
    this.name = name;
    this.source = source;
    this.note = note;
    this.author = author;
    this.createdAt = createdAt;
  }

  /** 64 lower-case hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  public String name() {
    return name;
  }

  public String source() {
    return source;
  }

  public String note() {
    return note;
  }

  public UserAccount author() {
    return author;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
