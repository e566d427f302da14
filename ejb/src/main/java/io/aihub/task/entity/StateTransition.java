package io.aihub.task.entity;

import io.aihub.identity.entity.UserAccount;
import io.aihub.shared.Reason;
import io.aihub.task.api.TaskState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** Who moved a task from one state to the next, when and why. Never changed once written. */
@Entity
@Table(name = "state_transition")
public class StateTransition {

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "state_transition_seq")
  @SequenceGenerator(
      name = "state_transition_seq",
      sequenceName = "state_transition_seq",
      allocationSize = 1)
  private Long id;

  @ManyToOne private DownloadTask task;

  @Enumerated(EnumType.STRING)
  @Column(name = "from_state")
  private TaskState fromState;

  @Enumerated(EnumType.STRING)
  @Column(name = "to_state")
  private TaskState toState;

  @ManyToOne private UserAccount actor;
  private Instant at;
  private String comment;

  @Column(name = "reason_code")
  private String reasonCode;

  @Column(name = "reason_arguments")
  private String reasonArguments;

  protected StateTransition() {} // for JPA

  StateTransition(
      DownloadTask task,
      TaskState from,
      TaskState to,
      UserAccount actor,
      Instant at,
      String comment,
      Reason reason) {
    this.task = task;
    this.fromState = from;
    this.toState = to;
    this.actor = actor;
    this.at = at;
    this.comment = comment;
    if (reason != null) {
      this.reasonCode = reason.code();
      this.reasonArguments = String.join("\n", reason.arguments());
    }
  }

  public Long id() {
    return id;
  }

  public DownloadTask task() {
    return task;
  }

  /** Null for the creation of the task. */
  public TaskState from() {
    return fromState;
  }

  public TaskState to() {
    return toState;
  }

  /** Null where the system did it. */
  public UserAccount actor() {
    return actor;
  }

  public Instant at() {
    return at;
  }

  /** What the person wrote, or null. */
  public String comment() {
    return comment;
  }

  /** Why the system did it, or null. */
  public Reason reason() {
    if (reasonCode == null) {
      return null;
    }
    return new Reason(
        reasonCode,
        reasonArguments == null || reasonArguments.isEmpty()
            ? List.of()
            : reasonArguments.lines().toList());
  }
}
