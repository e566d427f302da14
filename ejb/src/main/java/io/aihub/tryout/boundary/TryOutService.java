package io.aihub.tryout.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.control.MachineRepository;
import io.aihub.identity.control.UserRepository;
import io.aihub.identity.entity.UserAccount;
import io.aihub.queue.control.QueueSettings;
import io.aihub.script.boundary.ScriptService;
import io.aihub.script.control.HostList;
import io.aihub.script.control.ScriptRepository;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import io.aihub.task.api.IndexCharset;
import io.aihub.task.control.TaskForm;
import io.aihub.tryout.api.NewTryOut;
import io.aihub.tryout.api.TryOutOffer;
import io.aihub.tryout.api.TryOutResult;
import io.aihub.tryout.api.TryOutView;
import io.aihub.tryout.control.IndexSampler;
import io.aihub.tryout.control.IndexSampler.Sample;
import io.aihub.tryout.control.TryOutRepository;
import io.aihub.tryout.entity.TryOut;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Try-outs (试运行): what a version of a script makes of the first lines of an index, on a machine of
 * a tag. Nothing is written to storage. A machine is given one with the answer to its status
 * report, and does it beside its downloads.
 */
@Stateless
public class TryOutService {

  public static final int MOST_LINES = 100;
  private static final int DEFAULT_LINES = 10;
  private static final int MOST_WAITING = 20;
  private static final Duration LONGEST_LINE = Duration.ofMinutes(2);
  private static final Duration KEPT = Duration.ofDays(30);

  @Inject private TryOutRepository tryOuts;
  @Inject private IndexSampler sampler;
  @Inject private ScriptRepository scripts;
  @Inject private ScriptService scriptService;
  @Inject private MachineRepository machines;
  @Inject private UserRepository users;
  @Inject private QueueSettings settings;
  @Inject private Clock clock;

  /**
   * Submits one; the next machine of the tag that reports takes it. Open to those who may submit
   * tasks; nothing is looked at for anybody else.
   *
   * @throws InvalidException naming every field that breaks a rule, or what is wrong with the index
   * @throws ConflictException the tag has twenty that wait already, or what the script requires is
   *     not ready
   */
  public TryOutView submit(String actor, NewTryOut form) {
    UserAccount submitter = users.actor(actor);
    Instant now = clock.instant();
    InputCheck check = new InputCheck();
    String address = TaskForm.checkIndex(form.indexAddress(), check);
    String tag = check.requiredText("machineTag", form.machineTag(), 64);
    check.optionalCount("lines", form.lines(), MOST_LINES);
    List<String> hosts = HostList.check(form.allowedHosts(), check);
    if (tag != null && !machines.knowsTag(form.machineTag())) {
      check.reject("machineTag", "task.machineTag.unknown", tag);
    }
    if (scripts.find(form.scriptSha256()).isEmpty()) {
      check.reject("scriptSha256", "task.script.unknown");
    }
    check.finish();
    scriptService.requireUsable(form.scriptSha256());
    if (tryOuts.unfinished(tag, now) >= MOST_WAITING) {
      throw new ConflictException("tryout.busy", tag);
    }
    int lines = form.lines() == null ? DEFAULT_LINES : form.lines();
    IndexCharset charset = form.indexCharset() == null ? IndexCharset.UTF_8 : form.indexCharset();
    Sample sample = sampler.read(address, charset, lines);
    tryOuts.forgetBefore(now.minus(KEPT));
    TryOut tryOut =
        new TryOut(
            new NewTryOut(
                form.scriptSha256(), tag, address, charset, lines, hosts, form.javaWire()),
            sample.lines(),
            sample.estimatedLines(),
            submitter,
            now);
    tryOuts.add(tryOut);
    return tryOut.view(now, true);
  }

  /**
   * One with its lines.
   *
   * @throws NotFoundException there is none, or it was forgotten after 30 days
   */
  public TryOutView get(long id) {
    return tryOuts.get(id).view(clock.instant(), true);
  }

  /**
   * Those of one version without their lines, newest first.
   *
   * @param limit 1 to 500
   */
  public Page<TryOutView> list(String scriptSha256, int offset, int limit) {
    Instant now = clock.instant();
    Page<TryOut> page = tryOuts.page(scriptSha256, new PageRequest(offset, limit));
    return new Page<>(
        page.items().stream().map(tryOut -> tryOut.view(now, false)).toList(),
        page.offset(),
        page.total());
  }

  /**
   * Looks at a machine's status report: one that it is at is kept alive; a machine without any may
   * be given one, which is then its own.
   */
  public Optional<TryOutOffer> offer(MachineIdentity machine, MachineStatus status) {
    Instant now = clock.instant();
    for (TryOut taken : tryOuts.running(machine.id())) {
      if (taken.id().equals(status.tryOut())) {
        taken.keep(now);
      } else {
        taken.lose(now);
      }
    }
    if (status.tryOut() != null || !status.condition().takesErrands()) {
      return Optional.empty();
    }
    Duration limit = settings.lineTimeLimit();
    return tryOuts
        .waiting(machine.tag(), now)
        .map(
            waiting ->
                waiting.claim(
                    tryOuts.machine(machine.id()),
                    limit.compareTo(LONGEST_LINE) < 0 ? limit : LONGEST_LINE,
                    now));
  }

  /**
   * Keeps what became of a line; may be repeated.
   *
   * @throws ConflictException it has expired or is not this machine's: to be given up
   */
  public void record(MachineIdentity machine, long id, TryOutResult result) {
    tryOuts.forChange(id).record(machine.id(), result, clock.instant());
  }
}
