package io.aihub.task.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineAuthentication;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.identity.api.NewUser;
import io.aihub.identity.boundary.UserService;
import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.ResolutionOffer;
import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.requirement.api.ResolutionReport;
import io.aihub.requirement.boundary.RequirementService;
import io.aihub.shared.BusinessException;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks whose scripts require packages. */
class RequiredPackagesTest {

  private static final String SCRIPT = "import bs4\ndef download(line, out):\n  return None\n";

  private static final SettableClock CLOCK = new SettableClock();
  private static Beans beans;
  private static TaskService tasks;
  private static MachineIdentity machine;

  @BeforeAll
  static void fill() {
    beans = new Beans(TestDatabase.create(), CLOCK);
    tasks = beans.get(TaskService.class);
    UserService users = beans.get(UserService.class);
    MachineService machines = beans.get(MachineService.class);
    beans.inTransaction(() -> users.createFirstAdmin("boss", "boss-password"));
    for (String name : List.of("zhang", "lixiao")) {
      beans.inTransaction(() -> users.create("boss", new NewUser(name, name, "password1", null)));
    }
    String token =
        beans.inTransaction(() -> machines.create("boss", new NewMachine("hk-1", "hk")).token());
    machine =
        beans.inTransaction(
            () -> beans.get(MachineAuthentication.class).authenticate(token).orElseThrow());
  }

  @AfterAll
  static void close() {
    beans.close();
  }

  private static NewTask form(String sha256, String script, String requirements) {
    return new NewTask(
        "task",
        null,
        CLOCK.instant().plus(Duration.ofDays(1)),
        null,
        null,
        "lixiao",
        "hk",
        "s3://indexes/a.txt",
        null,
        "images",
        "training",
        sha256,
        script,
        requirements,
        null,
        null,
        null);
  }

  private static TaskView create(String sha256, String script, String requirements) {
    return beans.inTransaction(() -> tasks.create("zhang", form(sha256, script, requirements)));
  }

  private static TaskView approve(TaskView task) {
    return beans.inTransaction(() -> tasks.approve("lixiao", task.id(), null));
  }

  private static void resolve(ResolutionReport report) {
    RequirementService requirements = beans.get(RequirementService.class);
    MachineStatus idle =
        new MachineStatus(MachineStatus.Condition.IDLE, null, 4, 0, 10, 20, "1", null, null);
    ResolutionOffer offer =
        beans.inTransaction(() -> requirements.offer(machine, idle).orElseThrow());
    beans.inTransaction(
        () -> {
          requirements.record(machine, offer.sha256(), report);
          return null;
        });
  }

  private static BusinessException refusal(Runnable work) {
    return catchThrowableOfType(BusinessException.class, work::run);
  }

  @Test
  void aTaskIsApprovedOnceWhatItsScriptRequiresIsReady() {
    TaskView task = create(null, SCRIPT, "beautifulsoup4\n");
    assertThat(refusal(() -> approve(task)).code()).isEqualTo("requirements.awaited");
    assertThat(beans.inTransaction(() -> tasks.get(task.id())).state())
        .isEqualTo(TaskState.CREATED);

    PackagePin soup = new PackagePin("beautifulsoup4", "4.15.0", "ab".repeat(32), List.of("bs4"));
    resolve(new ResolutionReport(List.of(soup), null));

    assertThat(approve(task).state()).isEqualTo(TaskState.IN_PROGRESS);
  }

  @Test
  void aTaskWhoseScriptRequiresWhatCannotBeInstalledIsNeverApproved() {
    TaskView task = create(null, SCRIPT, "nosuch\n");
    resolve(
        new ResolutionReport(
            null, new ResolutionProblem(ResolutionProblem.Kind.UNKNOWN, null, "nosuch", "nosuch")));

    assertThat(refusal(() -> approve(task)).code()).isEqualTo("requirements.problem.unknown");
    BusinessException again = refusal(() -> create(task.scriptSha256(), null, null));
    assertThat(again.code()).isEqualTo("requirements.problem.unknown");
    assertThat(again.field()).isEqualTo("scriptSha256");
    assertThat(
            beans.inTransaction(() -> tasks.reject("lixiao", task.id(), "no such package")).state())
        .isEqualTo(TaskState.REJECTED);
  }

  @Test
  void requirementsComeWithASourceOnlyAndAreChecked() {
    TaskView task = create(null, "def download(line, out): pass\n", null);
    BusinessException alone = refusal(() -> create(task.scriptSha256(), null, "six\n"));
    assertThat(alone.code()).isEqualTo("task.requirements.alone");
    assertThat(alone.field()).isEqualTo("requirements");
    BusinessException option = refusal(() -> create(null, SCRIPT, "-r other.txt\n"));
    assertThat(option.code()).isEqualTo("requirements.line.option");
    assertThat(option.field()).isEqualTo("requirements");
  }
}
