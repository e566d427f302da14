package io.aihub.requirement.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineStatus.Condition;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineAuthentication;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.identity.boundary.UserService;
import io.aihub.requirement.api.PackagePin;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.api.RequirementsView;
import io.aihub.requirement.api.ResolutionOffer;
import io.aihub.requirement.api.ResolutionProblem;
import io.aihub.requirement.api.ResolutionProblem.Kind;
import io.aihub.requirement.api.ResolutionReport;
import io.aihub.requirement.entity.RequirementSet;
import io.aihub.script.api.ScriptFinding;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.BusinessException;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequirementServiceTest {

  private static final PackagePin SOUP = pin("beautifulsoup4", "4.15.0", "bs4");
  private static final PackagePin SIEVE = pin("soupsieve", "2.6", "soupsieve");

  private final SettableClock clock = new SettableClock();
  private Beans beans;
  private RequirementService requirements;
  private ScriptService scripts;
  private MachineIdentity machine;
  private MachineIdentity other;

  @BeforeEach
  void open() {
    beans = new Beans(TestDatabase.create(), clock);
    requirements = beans.get(RequirementService.class);
    scripts = beans.get(ScriptService.class);
    beans.inTransaction(
        () -> beans.get(UserService.class).createFirstAdmin("boss", "boss-password"));
    machine = machine("a");
    other = machine("b");
  }

  @AfterEach
  void close() {
    beans.close();
  }

  private MachineIdentity machine(String name) {
    MachineService machines = beans.get(MachineService.class);
    String token =
        beans.inTransaction(() -> machines.create("boss", new NewMachine(name, "tag")).token());
    return beans.inTransaction(
        () -> beans.get(MachineAuthentication.class).authenticate(token).orElseThrow());
  }

  private static PackagePin pin(String name, String version, String... modules) {
    return new PackagePin(name, version, "ab".repeat(32), List.of(modules));
  }

  private RequirementsView upload(String text) {
    return beans.inTransaction(
        () -> requirements.upload("boss", text.getBytes(StandardCharsets.UTF_8), Locale.ENGLISH));
  }

  private RequirementsView get(String sha256) {
    return beans.inTransaction(() -> requirements.get(sha256, Locale.ENGLISH));
  }

  private Optional<ResolutionOffer> status(MachineIdentity who, Condition does, String at) {
    MachineStatus status = new MachineStatus(does, null, 4, 0, 10, 20, "1", null, at);
    return beans.inTransaction(() -> requirements.offer(who, status));
  }

  private Optional<ResolutionOffer> status(MachineIdentity who, String at) {
    return status(who, Condition.IDLE, at);
  }

  private void report(MachineIdentity who, String sha256, PackagePin... pins) {
    record(who, sha256, new ResolutionReport(List.of(pins), null));
  }

  private void report(MachineIdentity who, String sha256, Kind kind, String about, String detail) {
    record(
        who, sha256, new ResolutionReport(null, new ResolutionProblem(kind, null, about, detail)));
  }

  private void record(MachineIdentity who, String sha256, ResolutionReport report) {
    beans.inTransaction(
        () -> {
          requirements.record(who, sha256, report);
          return null;
        });
  }

  private ScriptView script(String source, String sha256) {
    return beans.inTransaction(
        () -> scripts.upload("boss", null, source.getBytes(StandardCharsets.UTF_8), sha256, null));
  }

  private void requireUsable(ScriptView script) {
    beans.inTransaction(
        () -> {
          scripts.requireUsable(script.sha256());
          return null;
        });
  }

  private List<String> warnings(ScriptView script) {
    return beans.inTransaction(() -> scripts.warnings(script.sha256(), Locale.ENGLISH)).stream()
        .map(ScriptFinding::code)
        .toList();
  }

  private static void assertRefused(Runnable work, String code) {
    assertThatThrownBy(work::run)
        .isInstanceOf(BusinessException.class)
        .extracting(refusal -> ((BusinessException) refusal).code())
        .isEqualTo(code);
  }

  @Test
  void aMachineResolvesRequirementsAndTheyStayPinned() {
    RequirementsView kept = upload("beautifulsoup4\n");
    assertThat(kept.state()).isEqualTo(RequirementsState.WAITING);

    ResolutionOffer offer = status(machine, null).orElseThrow();
    assertThat(offer).isEqualTo(new ResolutionOffer(kept.sha256(), "beautifulsoup4\n"));
    assertThat(status(other, null)).isEmpty();
    assertThat(get(kept.sha256()).state()).isEqualTo(RequirementsState.RESOLVING);
    assertThat(get(kept.sha256()).machine()).isEqualTo("a");
    report(machine, kept.sha256(), SIEVE, SOUP);

    RequirementsView ready = get(kept.sha256());
    assertThat(ready.state()).isEqualTo(RequirementsState.READY);
    assertThat(ready.pins()).containsExactly(SOUP, SIEVE);
    assertThat(ready.resolvedAt()).isEqualTo(clock.instant());
    assertThat(upload("beautifulsoup4\n").pins()).containsExactly(SOUP, SIEVE);
    assertThat(status(machine, null)).isEmpty();
  }

  @Test
  void onlyAMachineThatHasTimeForItIsGivenOne() {
    upload("beautifulsoup4\n");
    assertThat(status(machine, Condition.HOLDING, null)).isEmpty();
    assertThat(status(machine, Condition.DRAINING, null)).isEmpty();
    assertThat(status(machine, Condition.WORKING, "another")).isEmpty();
    assertThat(status(machine, Condition.WORKING, null)).isPresent();
  }

  @Test
  void aMachineThatNamesItKeepsItAndOneThatIsSilentLosesIt() {
    String sha256 = upload("beautifulsoup4\n").sha256();
    status(machine, null);
    for (int i = 0; i < 20; i++) {
      clock.advance(RequirementSet.SILENCE.minusSeconds(1));
      assertThat(status(machine, sha256)).isEmpty();
      assertThat(status(other, null)).isEmpty();
    }
    clock.advance(RequirementSet.SILENCE);
    assertThat(status(other, null)).isPresent();
    assertRefused(() -> report(machine, sha256, SOUP), "requirements.taken");
    report(other, sha256, SOUP);
    assertThat(get(sha256).machine()).isEqualTo("b");
  }

  @Test
  void aMachineThatHasStartedAnewGivesItAway() {
    String sha256 = upload("beautifulsoup4\n").sha256();
    status(machine, null);
    assertThat(status(machine, Condition.DRAINING, null)).isEmpty();
    assertThat(get(sha256).state()).isEqualTo(RequirementsState.WAITING);
    assertThat(status(other, null)).isPresent();
  }

  @Test
  void whatThreeMachinesDiedOfIsNotGivenToAFourth() {
    String sha256 = upload("beautifulsoup4\n").sha256();
    for (int i = 0; i < 3; i++) {
      assertThat(status(machine, null)).isPresent();
      clock.advance(RequirementSet.SILENCE);
    }
    assertThat(status(other, null)).isEmpty();
    assertThat(get(sha256).state()).isEqualTo(RequirementsState.REFUSED);
    assertThat(get(sha256).code()).isEqualTo("requirements.problem.abandoned");
  }

  @Test
  void aRefusalSaysWhyAndTheSameTextIsTriedOnceMore() {
    String sha256 = upload("beautifulsoup4\nlibxyz\n").sha256();
    status(machine, null);
    report(machine, sha256, Kind.COMPILED, "libxyz", "libxyz>=2");

    RequirementsView refused = get(sha256);
    assertThat(refused.state()).isEqualTo(RequirementsState.REFUSED);
    assertThat(refused.reason())
        .startsWith("libxyz needs compiled code")
        .contains("libxyz>=2")
        .contains("Known to work: beautifulsoup4");
    assertThat(status(machine, null)).isEmpty();
    assertThat(upload("beautifulsoup4\nlibxyz\n").state()).isEqualTo(RequirementsState.WAITING);
    assertThat(get(sha256).reason()).isNull();
    assertThat(status(machine, null)).isPresent();
  }

  @Test
  void peopleMayAskForAnotherAttemptButNotUnpinWhatIsReady() {
    String sha256 = upload("beautifulsoup4\n").sha256();
    status(machine, null);
    report(machine, sha256, Kind.FAILED, null, null);
    again(sha256);
    status(machine, null);
    report(machine, sha256, SOUP);
    again(sha256);
    assertThat(get(sha256).state()).isEqualTo(RequirementsState.READY);
    assertRefused(() -> again("0".repeat(64)), "requirements.unknown");
  }

  private void again(String sha256) {
    beans.inTransaction(
        () -> {
          requirements.again("boss", sha256);
          return null;
        });
  }

  @Test
  void whatPassesIsTriedAgainAfterAPauseAndSaysWhyMeanwhile() {
    String sha256 = upload("beautifulsoup4\n").sha256();
    status(machine, null);
    report(machine, sha256, Kind.UNREACHABLE, "beautifulsoup4", "connection refused");

    RequirementsView waiting = get(sha256);
    assertThat(waiting.state()).isEqualTo(RequirementsState.WAITING);
    assertThat(waiting.reason()).contains("Machine a").contains("connection refused");
    assertThat(status(other, null)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(status(other, null)).isPresent();
    report(other, sha256, SOUP);
    assertThat(get(sha256).reason()).isNull();
  }

  @Test
  void aReportThatCannotBeTrueIsNotKept() {
    String sha256 = upload("beautifulsoup4\nrequests\nsix; sys_platform == 'win32'\n").sha256();
    status(machine, null);
    assertRefused(
        () -> report(machine, sha256, SOUP, pin("requests", "9.9")), "requirements.pins.odd");
    assertRefused(() -> report(machine, sha256, SOUP, SOUP), "requirements.pins.odd");
    assertRefused(() -> report(machine, sha256, SIEVE), "requirements.pins.missing");
    assertRefused(
        () -> record(machine, sha256, new ResolutionReport(null, null)), "input.required");
    assertThat(get(sha256).state()).isEqualTo(RequirementsState.RESOLVING);
    report(machine, sha256, SOUP);
  }

  @Test
  void aVersionIsItsSourceAndItsRequirements() {
    String source = "def download(a,b): pass";
    ScriptView alone = script(source, null);
    // printf 'def download(a,b): pass' | sha256sum
    assertThat(alone.sha256())
        .isEqualTo("8eb3cc5c41335eca128345677b7a9285af19ea112b5ca43c8ed098fc56d17b0c");
    assertThat(alone.requirements()).isNull();

    ScriptView with = script(source, upload("tqdm\n").sha256());
    // printf 'def download(a,b): pass\0tqdm\n' | sha256sum
    assertThat(with.sha256())
        .isEqualTo("6c3f6746430e46d3fb2942302dea2c6074bd04b1bb0c896698e4164c55d66759");
    assertThat(with.requirements()).isEqualTo(RequirementsState.WAITING);
    assertThat(script(source, upload("tqdm\n").sha256()).sha256()).isEqualTo(with.sha256());
    assertRefused(() -> script(source, "0".repeat(64)), "requirements.unknown");
    assertRefused(
        () -> beans.inTransaction(() -> scripts.requirements(alone.sha256())), "requirements.none");
  }

  @Test
  void aScriptCanBeUsedOnceItsRequirementsAreReadyAndBringWhatItImports() {
    String sha256 = upload("beautifulsoup4\n").sha256();
    ScriptView good = script("import bs4\ndef download(a, b): pass\n", sha256);
    ScriptView bad = script("import bs5\ndef download(a, b): pass\n", sha256);
    assertThat(warnings(good)).containsExactly("script.import.awaited");
    assertRefused(() -> requireUsable(good), "requirements.awaited");

    status(machine, null);
    report(machine, sha256, SOUP);

    requireUsable(good);
    assertThat(warnings(good)).isEmpty();
    assertRefused(() -> requireUsable(bad), "script.import.missing");
    assertThat(warnings(bad)).containsExactly("script.import.missing");
    assertRefused(
        () -> script("import bs6\ndef download(a, b): pass\n", sha256), "script.import.missing");
  }

  @Test
  void aScriptWhoseRequirementsAreRefusedCannotBeUsed() {
    String sha256 = upload("nosuch\n").sha256();
    ScriptView script = script("def download(a, b): pass\n", sha256);
    status(machine, null);
    report(machine, sha256, Kind.UNKNOWN, "nosuch", "nosuch");
    assertRefused(() -> requireUsable(script), "requirements.problem.unknown");
  }
}
