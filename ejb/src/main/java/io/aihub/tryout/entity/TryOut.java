package io.aihub.tryout.entity;

import io.aihub.fleet.entity.Machine;
import io.aihub.identity.entity.UserAccount;
import io.aihub.script.entity.RunSettings;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InvalidException;
import io.aihub.tryout.api.NewTryOut;
import io.aihub.tryout.api.SampleLine;
import io.aihub.tryout.api.TryOutOffer;
import io.aihub.tryout.api.TryOutResult;
import io.aihub.tryout.api.TryOutState;
import io.aihub.tryout.api.TryOutView;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A few lines of an index that one machine runs through a script, for people to look at the
 * outcome. That its time is up needs no timer: it shows when somebody looks.
 */
@Entity
@Table(name = "try_out")
public class TryOut {

  /** How long it waits for a machine. */
  public static final Duration WAIT = Duration.ofMinutes(10);

  /** How long a machine may be silent about it: three of its status reports. */
  public static final Duration SILENCE = Duration.ofSeconds(100);

  /** How long it may take in all. */
  public static final Duration LONGEST = Duration.ofMinutes(30);

  private static final int MOST_CLAIMS = 2;

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "try_out_seq")
  @SequenceGenerator(name = "try_out_seq", sequenceName = "try_out_seq", allocationSize = 1)
  private Long id;

  @Column(name = "script_sha256")
  private String scriptSha256;

  @Column(name = "machine_tag")
  private String machineTag;

  @Column(name = "index_address")
  private String indexAddress;

  @Embedded private RunSettings settings;

  @Column(name = "estimated_lines")
  private Long estimatedLines;

  @ManyToOne private UserAccount submitter;

  @Column(name = "submitted_at")
  private Instant submittedAt;

  @Enumerated(EnumType.STRING)
  private TryOutState state = TryOutState.SUBMITTED;

  @Column(name = "expires_at")
  private Instant expiresAt;

  @ManyToOne private Machine machine;

  private int claims;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "finished_at")
  private Instant finishedAt;

  @OneToMany(mappedBy = "tryOut", cascade = CascadeType.PERSIST)
  @OrderBy("line")
  private List<TryOutLine> lines = new ArrayList<>();

  protected TryOut() {} // for JPA

  /**
   * Submits one.
   *
   * @param form checked
   * @param estimatedLines null where it can't be told
   */
  public TryOut(
      NewTryOut form,
      List<SampleLine> sample,
      Long estimatedLines,
      UserAccount submitter,
      Instant now) {
    this.scriptSha256 = form.scriptSha256();
    this.machineTag = form.machineTag();
    this.indexAddress = form.indexAddress();
    this.settings = new RunSettings(form.allowedHosts(), form.javaWire());
    this.estimatedLines = estimatedLines;
    this.submitter = submitter;
    this.submittedAt = now;
    this.expiresAt = now.plus(WAIT);
    sample.forEach(line -> lines.add(new TryOutLine(this, line.line(), line.text())));
  }

  public Long id() {
    return id;
  }

  /** A machine takes it. */
  public TryOutOffer claim(Machine taker, Duration lineTimeLimit, Instant now) {
    state = TryOutState.RUNNING;
    machine = taker;
    claims++;
    startedAt = now;
    expiresAt = now.plus(SILENCE);
    return new TryOutOffer(
        id,
        scriptSha256,
        Math.toIntExact(lineTimeLimit.toSeconds()),
        lines.stream().map(line -> new SampleLine(line.line(), line.text())).toList(),
        settings.options());
  }

  /** Its machine says that it is at it. */
  public void keep(Instant now) {
    if (stateAt(now) == TryOutState.RUNNING) {
      Instant latest = startedAt.plus(LONGEST);
      Instant next = now.plus(SILENCE);
      expiresAt = next.isBefore(latest) ? next : latest;
    }
  }

  /**
   * Its machine no longer knows of it. Where nothing has been tried yet, the answer with the offer
   * may have been lost, and it is handed out once more; else it has expired.
   */
  public void lose(Instant now) {
    if (lines.stream().noneMatch(TryOutLine::isTried) && claims < MOST_CLAIMS) {
      state = TryOutState.SUBMITTED;
      machine = null;
      startedAt = null;
      expiresAt = submittedAt.plus(WAIT);
    } else {
      expiresAt = now;
    }
  }

  /**
   * Keeps what became of a line; the last one ends it. A report may come twice.
   *
   * @throws ConflictException it has expired, or belongs to another machine
   * @throws InvalidException it has no such line
   */
  public void record(long machineId, TryOutResult result, Instant now) {
    TryOutState present = stateAt(now);
    boolean its = machine != null && machine.id() == machineId;
    if (!its || (present != TryOutState.RUNNING && present != TryOutState.DONE)) {
      throw new ConflictException("tryout.expired", id);
    }
    lines.stream()
        .filter(line -> line.line() == result.line())
        .findFirst()
        .orElseThrow(() -> new InvalidException("line", "lease.result.line", result.line()))
        .record(result);
    keep(now);
    if (present == TryOutState.RUNNING && lines.stream().allMatch(TryOutLine::isTried)) {
      state = TryOutState.DONE;
      finishedAt = now;
    }
  }

  private TryOutState stateAt(Instant now) {
    return state != TryOutState.DONE && !now.isBefore(expiresAt) ? TryOutState.EXPIRED : state;
  }

  /**
   * As people see it.
   *
   * @param whole whether with its lines
   */
  public TryOutView view(Instant now, boolean whole) {
    int tried = (int) lines.stream().filter(TryOutLine::isTried).count();
    int succeeded = (int) lines.stream().filter(TryOutLine::isSuccess).count();
    long bytes = lines.stream().mapToLong(TryOutLine::bytes).sum();
    return new TryOutView(
        id,
        stateAt(now),
        scriptSha256,
        machineTag,
        indexAddress,
        settings.allowedHosts(),
        settings.isJavaWire(),
        submitter.username(),
        submitter.displayName(),
        submittedAt,
        machine == null ? null : machine.name(),
        startedAt,
        finishedAt,
        lines.size(),
        succeeded,
        tried - succeeded,
        estimatedLines,
        tried == 0 || estimatedLines == null
            ? null
            : Math.round((double) bytes / tried * estimatedLines),
        whole ? lines.stream().map(TryOutLine::view).toList() : null);
  }
}
