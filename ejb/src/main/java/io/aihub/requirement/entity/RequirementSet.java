package io.aihub.requirement.entity;

import io.aihub.fleet.entity.Machine;
import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.api.ResolutionOffer;
import io.aihub.shared.ConflictException;
import io.aihub.shared.Reason;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What scripts with one and the same {@code requirements.txt} require. A machine finds out which
 * packages that comes to; once they are pinned they stay as they are, for every script and for
 * good. That a machine has been silent for too long needs no timer: the next one takes over.
 */
@Entity
@Table(name = "requirement_set")
public class RequirementSet {

  /** How long a machine may be silent about it: three of its status reports. */
  public static final Duration SILENCE = Duration.ofSeconds(100);

  /** The longest pause after an attempt that failed of something that passes. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private static final int MOST_CLAIMS = 3;

  @Id private String sha256;
  private String text;

  @Enumerated(EnumType.STRING)
  private RequirementsState state = RequirementsState.WAITING;

  @Column(name = "due_at")
  private Instant dueAt;

  @ManyToOne private Machine machine;

  /** How often machines took it and fell silent. */
  private int claims;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "resolved_at")
  private Instant resolvedAt;

  @Column(name = "reason_code")
  private String reasonCode;

  @Column(name = "reason_arguments")
  private String reasonArguments;

  @ElementCollection
  @CollectionTable(
      name = "requirement_pin",
      joinColumns = @JoinColumn(name = "requirements_sha256"))
  @OrderBy("name")
  private List<RequirementPin> pins = new ArrayList<>();

  protected RequirementSet() {} // for JPA

  /** SHA-256 of the text in UTF-8. */
  public String sha256() {
    return sha256;
  }

  public String text() {
    return text;
  }

  public RequirementsState state() {
    return state;
  }

  /** The machine that is at it, or was last; or null. */
  public Machine machine() {
    return machine;
  }

  /** When it became ready or was refused; null before. */
  public Instant resolvedAt() {
    return resolvedAt;
  }

  /** By name; empty unless ready. */
  public List<PackagePin> pins() {
    return pins.stream().map(RequirementPin::view).toList();
  }

  /** What stands in the way, or stood there at the last attempt; or null. */
  public Reason reason() {
    return reasonCode == null
        ? null
        : new Reason(reasonCode, List.of(reasonArguments.split("\n", -1)));
  }

  /** A machine takes it; null where too many have taken it already and were heard of no more. */
  public ResolutionOffer claim(Machine taker, Instant now) {
    if (claims >= MOST_CLAIMS) {
      refuse(Reason.of("requirements.problem.abandoned", claims), now);
      return null;
    }
    state = RequirementsState.RESOLVING;
    machine = taker;
    claims++;
    startedAt = now;
    dueAt = now.plus(SILENCE);
    return new ResolutionOffer(sha256, text);
  }

  /** Its machine says that it is at it. */
  public void keep(Instant now) {
    dueAt = now.plus(SILENCE);
  }

  /** Its machine no longer knows of it. */
  public void lose(Instant now) {
    state = RequirementsState.WAITING;
    dueAt = now;
  }

  /**
   * What it comes to.
   *
   * @throws ConflictException another machine is at it, or it is settled
   */
  public void resolve(long machineId, List<PackagePin> found, Instant now) {
    requireHolder(machineId);
    state = RequirementsState.READY;
    resolvedAt = now;
    reasonCode = null;
    reasonArguments = null;
    found.forEach(pin -> pins.add(new RequirementPin(pin)));
  }

  /**
   * Why it comes to nothing.
   *
   * @throws ConflictException as above
   */
  public void refuse(long machineId, Reason why, Instant now) {
    requireHolder(machineId);
    refuse(why, now);
  }

  private void refuse(Reason why, Instant now) {
    state = RequirementsState.REFUSED;
    resolvedAt = now;
    explain(why);
  }

  /**
   * What stood in the way passes: after a pause, twice as long as this attempt took and a minute at
   * least, a machine tries again.
   *
   * @throws ConflictException as above
   */
  public void postpone(long machineId, Reason why, Instant now) {
    requireHolder(machineId);
    state = RequirementsState.WAITING;
    claims = 0;
    explain(why);
    Duration pause = Duration.between(startedAt, now).multipliedBy(2).plus(Duration.ofMinutes(1));
    dueAt = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  /** Somebody asks for another attempt, at once; does nothing where it is ready or under way. */
  public void again(Instant now) {
    if (state == RequirementsState.REFUSED || state == RequirementsState.WAITING) {
      state = RequirementsState.WAITING;
      claims = 0;
      dueAt = now;
      resolvedAt = null;
      reasonCode = null;
      reasonArguments = null;
    }
  }

  private void explain(Reason why) {
    reasonCode = why.code();
    reasonArguments = String.join("\n", why.arguments());
  }

  private void requireHolder(long machineId) {
    boolean its = machine != null && machine.id() == machineId;
    if (!its || state != RequirementsState.RESOLVING) {
      throw new ConflictException("requirements.taken", sha256);
    }
  }
}
