package io.aihub.script.entity;

import io.aihub.identity.entity.UserAccount;
import io.aihub.requirement.entity.RequirementSet;
import io.aihub.shared.TextFile;
import jakarta.persistence.Basic;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;

/**
 * One immutable version of a download script, known by the SHA-256 of its source; where it has
 * requirements, of its source, a NUL and their text. Neither text contains a NUL.
 */
@Entity
@Table(name = "script_version")
public class ScriptVersion {

  @Id private String sha256;
  private String name;

  @Basic(fetch = FetchType.LAZY) // up to 1 MiB, and lists do not show it
  private String source;

  @ManyToOne private RequirementSet requirements;

  private String note;
  @ManyToOne private UserAccount author;

  @Column(name = "created_at")
  private Instant createdAt;

  protected ScriptVersion() {} // for JPA

  /**
   * Makes one.
   *
   * @param requirements what it needs beside what clients have, or null
   */
  public ScriptVersion(
      String name,
      String source,
      RequirementSet requirements,
      String note,
      UserAccount author,
      Instant createdAt) {
    this.sha256 =
        TextFile.sha256(requirements == null ? source : source + '\0' + requirements.text());
    this.name = name;
    this.source = source;
    this.requirements = requirements;
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

  /** What it needs beside what clients have, or null. */
  public RequirementSet requirements() {
    return requirements;
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
