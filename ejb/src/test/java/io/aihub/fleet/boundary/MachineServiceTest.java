package io.aihub.fleet.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineToken;
import io.aihub.fleet.api.MachineView;
import io.aihub.fleet.api.NewMachine;
import io.aihub.identity.api.NewUser;
import io.aihub.identity.boundary.UserService;
import io.aihub.shared.ConflictException;
import io.aihub.shared.ForbiddenException;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MachineServiceTest {

  private static final SettableClock CLOCK = new SettableClock();
  private static TestDatabase database;
  private static Beans beans;
  private static MachineService machines;

  @BeforeAll
  static void fill() {
    database = TestDatabase.create();
    beans = new Beans(database, CLOCK);
    machines = beans.get(MachineService.class);
    UserService users = beans.get(UserService.class);
    beans.inTransaction(() -> users.createFirstAdmin("boss", "boss-password"));
    beans.inTransaction(() -> users.create("boss", new NewUser("wang", "王", "password-1", null)));
  }

  @AfterAll
  static void close() {
    beans.close();
  }

  private static MachineToken make(String name, String tag) {
    return beans.inTransaction(() -> machines.create("boss", new NewMachine(name, tag)));
  }

  private static Optional<MachineIdentity> owner(String token) {
    return beans.inTransaction(() -> beans.get(MachineAuthentication.class).authenticate(token));
  }

  private static void run(Runnable work) {
    beans.inTransaction(
        () -> {
          work.run();
          return null;
        });
  }

  @Test
  void aTokenTellsWhichMachineCalls() {
    MachineToken made = make("hk-1", "香港");
    assertThat(made.token()).matches("aihub_[A-Za-z0-9_-]{43}");
    assertThat(owner(made.token()))
        .hasValueSatisfying(
            machine -> {
              assertThat(machine.name()).isEqualTo("hk-1");
              assertThat(machine.tag()).isEqualTo("香港");
            });
    assertThat(owner("aihub_" + "x".repeat(43))).isEmpty();
    assertThat(owner("")).isEmpty();
    assertThat(owner(null)).isEmpty();
  }

  @Test
  void theDatabaseHoldsNoToken() {
    MachineToken made = make("hashed", "a");
    String hash =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("select token_hash from machine where name = 'hashed'")
                        .mapTo(String.class)
                        .one());
    assertThat(hash).matches("[0-9a-f]{64}").isNotEqualTo(made.token());
  }

  @Test
  void aReplacedTokenIsRefusedAtOnce() {
    MachineToken old = make("hk-2", "a");
    assertThat(owner(old.token())).isPresent();
    MachineToken next = beans.inTransaction(() -> machines.replaceToken("boss", "hk-2"));
    assertThat(owner(old.token())).isEmpty();
    assertThat(owner(next.token())).isPresent();
  }

  @Test
  void aMachineThatIsShutOutIsRefusedAtOnce() {
    MachineToken made = make("hk-3", "a");
    assertThat(owner(made.token())).isPresent();
    run(() -> machines.deactivate("boss", "hk-3"));
    assertThat(owner(made.token())).isEmpty();
    run(() -> machines.activate("boss", "hk-3"));
    assertThat(owner(made.token())).isPresent();
  }

  @Test
  void theLastReportOfAMachineIsShown() {
    MachineToken made = make("hk-4", "b");
    MachineIdentity machine = owner(made.token()).orElseThrow();
    MachineStatus working =
        new MachineStatus(MachineStatus.Condition.WORKING, null, 4, 2, 10, 20, "1", null, null);
    MachineStatus holding =
        new MachineStatus(
            MachineStatus.Condition.HOLDING, "disk\u0000full", 4, 0, 0, 20, "1", null, null);
    run(() -> machines.reportStatus(machine, working, "192.0.2.1"));
    run(() -> machines.reportStatus(machine, holding, "192.0.2.2"));

    MachineView view =
        beans.inTransaction(() -> machines.list()).stream()
            .filter(each -> each.name().equals("hk-4"))
            .findFirst()
            .orElseThrow();
    assertThat(view.seenAt()).isEqualTo(CLOCK.instant());
    assertThat(view.address()).isEqualTo("192.0.2.2");
    assertThat(view.status().condition()).isEqualTo(MachineStatus.Condition.HOLDING);
    assertThat(view.status().reason()).isEqualTo("disk?full");
  }

  @Test
  void aMachineThatNeverReportedIsListedToo() {
    make("silent", "c");
    assertThat(beans.inTransaction(() -> machines.list()))
        .filteredOn(machine -> machine.name().equals("silent"))
        .singleElement()
        .extracting(MachineView::status)
        .isNull();
    assertThat(beans.inTransaction(() -> machines.tags())).contains("c").doesNotHaveDuplicates();
  }

  @Test
  void onlyAdminsTouchMachines() {
    assertThatThrownBy(
            () -> beans.inTransaction(() -> machines.create("wang", new NewMachine("x", "y"))))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> beans.inTransaction(() -> machines.replaceToken("wang", "hk-1")))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> run(() -> machines.deactivate("wang", "hk-1")))
        .isInstanceOf(ForbiddenException.class);
  }

  @Test
  void aNameIsTakenOnceAndHasAForm() {
    make("only", "a");
    assertThatThrownBy(() -> make("only", "b")).isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> make("a b", "b")).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> make("ok", "")).isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> run(() -> machines.activate("boss", "nobody")))
        .isInstanceOf(NotFoundException.class);
  }
}
