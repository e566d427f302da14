package io.aihub.requirement.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.identity.control.UserRepository;
import io.aihub.requirement.api.KnownPackagesView;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.api.RequirementsView;
import io.aihub.requirement.api.ResolutionOffer;
import io.aihub.requirement.api.ResolutionReport;
import io.aihub.requirement.control.KnownPackages;
import io.aihub.requirement.control.RequirementRepository;
import io.aihub.requirement.control.RequirementsText;
import io.aihub.requirement.control.Resolution;
import io.aihub.requirement.entity.RequirementSet;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.Reason;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The packages that scripts require (依赖包). The server reaches no package index; a machine does, so
 * it is a machine that finds out what a {@code requirements.txt} comes to, and whether at all. It
 * is given one with the answer to its status report.
 */
@Stateless
public class RequirementService {

  /** The largest text that is kept. */
  public static final int MAX_BYTES = RequirementsText.MAX_BYTES;

  private static final String FIELD = "requirements";

  @Inject private RequirementRepository requirements;
  @Inject private UserRepository users;
  @Inject private Clock clock;

  /**
   * Keeps what a script requires; a machine then finds out what it comes to. The same text again is
   * the same requirements, with the packages of the first time; where they were refused, a machine
   * tries once more.
   *
   * @param file up to 64 KiB of UTF-8: a package of the index a line, in PEP 508's words
   * @param reader language of the reasons
   * @throws InvalidException with the field {@code requirements}
   */
  public RequirementsView upload(String actor, byte[] file, Locale reader) {
    users.actor(actor);
    Instant now = clock.instant();
    RequirementSet kept =
        requirements.keep(RequirementsText.of(FIELD, file == null ? new byte[0] : file), now);
    if (kept.state() == RequirementsState.REFUSED) {
      requirements.forChange(kept.sha256()).again(now);
    }
    return view(kept, reader);
  }

  /**
   * What has come of a text.
   *
   * @param reader language of the reason
   * @throws NotFoundException no script has it
   */
  public RequirementsView get(String sha256, Locale reader) {
    return requirements
        .find(sha256)
        .map(set -> view(set, reader))
        .orElseThrow(() -> new NotFoundException("requirements.unknown", sha256));
  }

  private static RequirementsView view(RequirementSet set, Locale reader) {
    Reason reason = set.reason();
    return new RequirementsView(
        set.sha256(),
        set.text(),
        set.state(),
        set.pins(),
        reason == null ? null : reason.code(),
        reason == null ? null : reason.message(reader),
        set.machine() == null ? null : set.machine().name(),
        set.resolvedAt(),
        RequirementsText.remarks(set.text()).stream()
            .map(remark -> remark.message(reader))
            .toList());
  }

  /** Which packages are known to work on clients, and which not. */
  public KnownPackagesView known() {
    return KnownPackages.known().view();
  }

  /** Has it tried once more, where it was refused or waits; for the index may have changed. */
  public void again(String actor, String sha256) {
    users.actor(actor);
    requirements.forChange(sha256).again(clock.instant());
  }

  /**
   * Looks at a machine's status report: what it is at is kept for it; a machine without any may be
   * given one.
   */
  public Optional<ResolutionOffer> offer(MachineIdentity machine, MachineStatus status) {
    Instant now = clock.instant();
    for (RequirementSet taken : requirements.resolving(machine.id())) {
      if (taken.sha256().equals(status.resolution())) {
        taken.keep(now);
      } else {
        taken.lose(now);
      }
    }
    if (status.resolution() != null || !status.condition().takesErrands()) {
      return Optional.empty();
    }
    return requirements.due(now).map(due -> due.claim(requirements.machine(machine.id()), now));
  }

  /**
   * Keeps what a machine found out.
   *
   * @throws ConflictException it isn't at it any more: nothing was kept
   * @throws InvalidException the report contradicts itself or the requirements
   */
  public void record(MachineIdentity machine, String sha256, ResolutionReport report) {
    Instant now = clock.instant();
    RequirementSet set = requirements.forChange(sha256);
    if (report.problem() == null) {
      Resolution.check(set.text(), report.pins());
      set.resolve(machine.id(), report.pins(), now);
    } else if (report.problem().kind().isPassing()) {
      set.postpone(machine.id(), Resolution.reason(report.problem(), machine.name()), now);
    } else {
      set.refuse(machine.id(), Resolution.reason(report.problem(), machine.name()), now);
    }
  }
}
