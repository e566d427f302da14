package io.aihub.identity.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.identity.api.NewUser;
import io.aihub.identity.api.UserView;
import io.aihub.shared.ConflictException;
import io.aihub.shared.FieldError;
import io.aihub.shared.ForbiddenException;
import io.aihub.shared.InvalidException;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UserServiceTest {

  private static final SettableClock CLOCK = new SettableClock();
  private static final String HOME = "192.0.2.1";

  private static TestDatabase database;
  private static Beans beans;
  private static UserService users;

  @BeforeAll
  static void fill() {
    database = TestDatabase.create();
    beans = new Beans(database, CLOCK);
    users = beans.get(UserService.class);
    beans.inTransaction(() -> users.createFirstAdmin("boss", "boss-password"));
  }

  @AfterAll
  static void close() {
    beans.close();
  }

  private static UserView make(String username) {
    return beans.inTransaction(
        () -> users.create("boss", new NewUser(username, "名字", "password-1", null)));
  }

  private static boolean letsIn(String username, String password) {
    return letsIn(username, password, HOME);
  }

  private static boolean letsIn(String username, String password, String address) {
    return beans.inTransaction(() -> users.authenticate(username, password, address)).isPresent();
  }

  @Test
  void theFirstAdminIsMadeOnlyWhereThereIsNobody() {
    assertThat(beans.inTransaction(() -> users.createFirstAdmin("other", "other-password")))
        .isEmpty();
    assertThat(beans.inTransaction(() -> users.hasNoAccounts())).isFalse();
    assertThat(letsIn("boss", "boss-password")).isTrue();
    assertThat(letsIn("other", "other-password")).isFalse();
  }

  @Test
  void theDatabaseHoldsNoPassword() {
    make("hashed");
    String hash =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "select password_hash from user_account where username = 'hashed'")
                        .mapTo(String.class)
                        .one());
    assertThat(hash).startsWith("$argon2id$").doesNotContain("password-1");
  }

  @Test
  void onlyTheRightPasswordLetsIn() {
    make("wang");
    assertThat(letsIn("wang", "password-1")).isTrue();
    assertThat(letsIn("wang", "password-2")).isFalse();
    assertThat(letsIn("wang", null)).isFalse();
    assertThat(letsIn("nobody", "password-1")).isFalse();
    assertThat(letsIn("a\u0000b", "password-1")).isFalse();
    assertThat(letsIn(null, "password-1")).isFalse();
  }

  @Test
  void aChangedPasswordActsAtOnce() {
    make("chen");
    assertThat(letsIn("chen", "password-1")).isTrue();
    assertThatThrownBy(() -> change("chen", "chen", "wrong", "password-2"))
        .isInstanceOf(InvalidException.class);
    change("chen", "chen", "password-1", "password-2");
    assertThat(letsIn("chen", "password-1")).isFalse();
    assertThat(letsIn("chen", "password-2")).isTrue();
    change("boss", "chen", null, "password-3");
    assertThat(letsIn("chen", "password-3")).isTrue();
  }

  @Test
  void wrongPasswordsInARowAreFollowedByLongerAndLongerPauses() {
    make("guessed");
    guess("guessed", 4);
    assertThat(users.signInPause("guessed", HOME)).isZero();
    guess("guessed", 1);
    assertThat(users.signInPause("guessed", HOME)).isEqualTo(Duration.ofSeconds(2));
    assertThat(letsIn("guessed", "password-1")).as("the right one in the pause").isFalse();
    assertThat(letsIn("guessed", "password-1", "192.0.2.2")).as("from elsewhere").isTrue();

    CLOCK.advance(Duration.ofSeconds(2));
    guess("guessed", 3); // the two in the pause don't count
    assertThat(users.signInPause("guessed", HOME)).isEqualTo(Duration.ofSeconds(4));
    for (int i = 0; i < 10; i++) {
      CLOCK.advance(users.signInPause("guessed", HOME));
      guess("guessed", 1);
    }
    assertThat(users.signInPause("guessed", HOME)).isEqualTo(Duration.ofMinutes(5));

    CLOCK.advance(Duration.ofMinutes(5));
    change("boss", "guessed", null, "password-2");
    assertThat(letsIn("guessed", "password-2")).isTrue();
    guess("guessed", 4);
    assertThat(users.signInPause("guessed", HOME)).as("counted anew").isZero();
  }

  @Test
  void wrongPasswordsAreForgottenAfterAnHourAndCountForNamesThatNobodyHas() {
    guess("nobody-has-this", 4);
    CLOCK.advance(Duration.ofMinutes(61));
    guess("nobody-has-this", 4);
    assertThat(users.signInPause("nobody-has-this", HOME)).isZero();
    guess("nobody-has-this", 1);
    assertThat(users.signInPause("nobody-has-this", HOME)).isPositive();
  }

  private static void guess(String username, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(letsIn(username, "a wrong guess")).isFalse();
    }
  }

  @Test
  void onlyAdminsChangeSomebodyElsesPassword() {
    make("mallory");
    assertThatThrownBy(() -> change("mallory", "boss", null, "password-9"))
        .isInstanceOf(ForbiddenException.class);
  }

  private static void change(String actor, String username, String current, String next) {
    beans.inTransaction(
        () -> {
          users.changePassword(actor, username, current, next);
          return null;
        });
  }

  @Test
  void whoeverIsShutOutIsNotLetInAnyMore() {
    make("liu");
    assertThat(letsIn("liu", "password-1")).isTrue();
    beans.inTransaction(() -> users.deactivate("boss", "liu"));
    assertThat(letsIn("liu", "password-1")).isFalse();
    beans.inTransaction(() -> users.activate("boss", "liu"));
    assertThat(letsIn("liu", "password-1")).isTrue();
  }

  @Test
  void nobodyShutsThemselvesOut() {
    assertThatThrownBy(() -> beans.inTransaction(() -> users.deactivate("boss", "boss")))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  void onlyAdminsMakeAccounts() {
    make("plain");
    NewUser form = new NewUser("friend", "朋友", "password-1", true);
    assertThatThrownBy(() -> beans.inTransaction(() -> users.create("plain", form)))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> beans.inTransaction(() -> users.list("plain")))
        .isInstanceOf(ForbiddenException.class);
  }

  @Test
  void aNameIsTakenOnce() {
    make("twice");
    assertThatThrownBy(() -> make("twice")).isInstanceOf(ConflictException.class);
  }

  @Test
  void everyWrongFieldIsNamed() {
    NewUser form = new NewUser("System", " ", "short", null);
    assertThatThrownBy(() -> beans.inTransaction(() -> users.create("boss", form)))
        .asInstanceOf(InstanceOfAssertFactories.type(InvalidException.class))
        .satisfies(
            refusal ->
                assertThat(refusal.errors())
                    .extracting(FieldError::field)
                    .containsExactly("username", "displayName", "password"));
    assertThatThrownBy(() -> make("system")).isInstanceOf(InvalidException.class);
  }

  @Test
  void everybodyActiveButTheSubmitterMayReceive() {
    make("one");
    make("two");
    beans.inTransaction(() -> users.deactivate("boss", "two"));
    assertThat(beans.inTransaction(() -> users.receivers("one")))
        .extracting(UserView::username)
        .contains("boss")
        .doesNotContain("one", "two");
  }
}
