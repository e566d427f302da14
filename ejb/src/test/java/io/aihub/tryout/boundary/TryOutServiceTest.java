package io.aihub.tryout.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineStatus.Condition;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineAuthentication;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.identity.api.NewUser;
import io.aihub.identity.boundary.UserService;
import io.aihub.queue.api.FailureClass;
import io.aihub.queue.control.QueueSettings;
import io.aihub.script.api.ScriptOptions;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.ForbiddenException;
import io.aihub.shared.InvalidException;
import io.aihub.storage.control.ObjectStore;
import io.aihub.task.api.IndexCharset;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import io.aihub.testing.TestStorage;
import io.aihub.tryout.api.NewTryOut;
import io.aihub.tryout.api.SampleLine;
import io.aihub.tryout.api.TryOutOffer;
import io.aihub.tryout.api.TryOutResult;
import io.aihub.tryout.api.TryOutState;
import io.aihub.tryout.api.TryOutView;
import io.aihub.tryout.entity.TryOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TryOutServiceTest {

  private static final SettableClock CLOCK = new SettableClock();
  private static TestStorage storage;
  private static Beans beans;
  private static TryOutService tryOuts;
  private static String script;
  private static int tags;

  private String tag;
  private MachineIdentity machine;
  private MachineIdentity other;

  @BeforeAll
  static void fill() {
    storage = new TestStorage();
    beans =
        new Beans(TestDatabase.create(), CLOCK)
            .with(ObjectStore.class, new ObjectStore(storage.settings()))
            .with(QueueSettings.class, QueueSettings.DEFAULTS);
    tryOuts = beans.get(TryOutService.class);
    beans.inTransaction(
        () -> beans.get(UserService.class).createFirstAdmin("boss", "boss-password"));
    byte[] source = "def download(line, out): return None\n".getBytes(StandardCharsets.UTF_8);
    script =
        beans.inTransaction(
            () -> beans.get(ScriptService.class).upload("boss", null, source, null, null).sha256());
  }

  @AfterAll
  static void close() {
    beans.get(ObjectStore.class).close();
    beans.close();
    storage.close();
  }

  @BeforeEach
  void ownMachines() {
    tag = "tag-" + ++tags;
    machine = machine("a-" + tag);
    other = machine("b-" + tag);
  }

  private MachineIdentity machine(String name) {
    MachineService machines = beans.get(MachineService.class);
    String token =
        beans.inTransaction(() -> machines.create("boss", new NewMachine(name, tag)).token());
    return beans.inTransaction(
        () -> beans.get(MachineAuthentication.class).authenticate(token).orElseThrow());
  }

  private TryOutView submit(String index, IndexCharset charset, Integer lines) {
    return submit(index.getBytes(StandardCharsets.UTF_8), charset, lines);
  }

  private TryOutView submit(byte[] index, IndexCharset charset, Integer lines) {
    storage.put(TestStorage.INDEX_BUCKET, tag, index);
    return submit(new NewTryOut(script, tag, address(), charset, lines, null, null));
  }

  private String address() {
    return "s3://" + TestStorage.INDEX_BUCKET + "/" + tag;
  }

  private static TryOutView submit(NewTryOut form) {
    return beans.inTransaction(() -> tryOuts.submit("boss", form));
  }

  private static TryOutView get(long id) {
    return beans.inTransaction(() -> tryOuts.get(id));
  }

  private static Optional<TryOutOffer> status(MachineIdentity machine, Condition does, Long at) {
    MachineStatus status = new MachineStatus(does, null, 4, 0, 10, 20, "1", at, null);
    return beans.inTransaction(() -> tryOuts.offer(machine, status));
  }

  private static Optional<TryOutOffer> status(MachineIdentity machine, Long at) {
    return status(machine, Condition.IDLE, at);
  }

  private static void record(MachineIdentity machine, long id, TryOutResult result) {
    beans.inTransaction(
        () -> {
          tryOuts.record(machine, id, result);
          return null;
        });
  }

  private static TryOutResult good(long line, long bytes) {
    return new TryOutResult(line, "a/" + line, bytes, 120, null, null, "printed\0");
  }

  private static void assertExpired(MachineIdentity machine, long id) {
    assertThatThrownBy(() -> record(machine, id, good(1, 1)))
        .isInstanceOfSatisfying(
            BusinessException.class,
            refused -> assertThat(refused.code()).isEqualTo("tryout.expired"));
  }

  @Test
  void aMachineOfTheTagIsGivenItAndReportsLineByLine() {
    TryOutView submitted = submit("a\r\n\nb\n  \nc\nd\n", null, 3);
    assertThat(submitted.state()).isEqualTo(TryOutState.SUBMITTED);
    assertThat(submitted.estimatedBytes()).isNull();

    TryOutOffer offer = status(machine, null).orElseThrow();
    assertThat(offer.id()).isEqualTo(submitted.id());
    assertThat(offer.scriptSha256()).isEqualTo(script);
    assertThat(offer.lineTimeLimitSeconds()).isEqualTo(120);
    assertThat(offer.lines())
        .containsExactly(new SampleLine(1, "a"), new SampleLine(3, "b"), new SampleLine(5, "c"));
    assertThat(status(other, null)).isEmpty();

    record(machine, offer.id(), good(1, 3000));
    record(machine, offer.id(), good(1, 3000)); // its answer was lost
    record(
        machine,
        offer.id(),
        new TryOutResult(3, null, 0, 50, FailureClass.HTTP_4xx, "404", "no such file"));
    TryOutView half = get(offer.id());
    assertThat(half.state()).isEqualTo(TryOutState.RUNNING);
    assertThat(half.machine()).isEqualTo("a-" + tag);
    assertThat(half.estimatedBytes()).isEqualTo(3000 / 2 * 6);

    record(machine, offer.id(), good(5, 0));
    TryOutView done = get(offer.id());
    assertThat(done.state()).isEqualTo(TryOutState.DONE);
    assertThat(done.finishedAt()).isEqualTo(CLOCK.instant());
    assertThat(done.succeeded()).isEqualTo(2);
    assertThat(done.failed()).isOne();
    assertThat(done.lines().get(0).output()).isEqualTo("printed\uFFFD");
    assertThat(done.lines().get(1).failureClass()).isEqualTo(FailureClass.HTTP_4xx);
    CLOCK.advance(Duration.ofHours(1));
    assertThat(get(offer.id()).state()).isEqualTo(TryOutState.DONE);
  }

  @Test
  void aMachineThatDrainsOrHoldsIsGivenNone() {
    submit("a\n", null, null);

    assertThat(status(machine, Condition.DRAINING, null)).isEmpty();
    assertThat(status(machine, Condition.HOLDING, null)).isEmpty();
    assertThat(status(machine, Condition.WORKING, null)).isPresent();
  }

  @Test
  void nobodyTakesItAndItExpires() {
    TryOutView submitted = submit("a\n", null, null);

    CLOCK.advance(TryOut.WAIT);

    assertThat(get(submitted.id()).state()).isEqualTo(TryOutState.EXPIRED);
    assertThat(status(machine, null)).isEmpty();
  }

  @Test
  void itLivesAsLongAsItsMachineSaysSoAndExpiresWhenTheMachineIsSilent() {
    long id = submit("a\nb\n", null, null).id();
    assertThat(status(machine, null)).isPresent();
    for (int i = 0; i < 3; i++) {
      CLOCK.advance(TryOut.SILENCE.minusSeconds(1));
      assertThat(status(machine, id)).isEmpty();
    }
    assertThat(get(id).state()).isEqualTo(TryOutState.RUNNING);

    CLOCK.advance(TryOut.SILENCE);

    assertThat(get(id).state()).isEqualTo(TryOutState.EXPIRED);
    assertExpired(machine, id);
    assertThat(status(machine, id)).isEmpty();
    assertThat(get(id).state()).isEqualTo(TryOutState.EXPIRED);
  }

  @Test
  void itDoesNotGoOnForEver() {
    long id = submit("a\nb\n", null, null).id();
    assertThat(status(machine, null)).isPresent();

    for (Duration past = Duration.ZERO;
        past.compareTo(TryOut.LONGEST) <= 0;
        past = past.plusMinutes(1)) {
      status(machine, id);
      CLOCK.advance(Duration.ofMinutes(1));
    }

    assertThat(get(id).state()).isEqualTo(TryOutState.EXPIRED);
  }

  @Test
  void aMachineThatStartedAnewLosesItAtOnceAndAnotherOneBeginsOnce() {
    long id = submit("a\nb\n", null, null).id();
    assertThat(status(machine, null)).isPresent();

    assertThat(status(machine, null).orElseThrow().id()).isEqualTo(id);
    record(machine, id, good(1, 1));
    assertThat(status(machine, null)).isEmpty();

    assertThat(get(id).state()).isEqualTo(TryOutState.EXPIRED);
    assertThat(get(id).lines().get(0).path()).isEqualTo("a/1");
  }

  @Test
  void anotherMachineReportsNothing() {
    long id = submit("a\n", null, null).id();
    assertThat(status(machine, null)).isPresent();

    assertExpired(other, id);
  }

  @Test
  void aPackedIndexInChineseIsReadByItsBeginning() throws IOException {
    StringBuilder text = new StringBuilder();
    Random random = new Random(1);
    for (int i = 1; i <= 200_000; i++) {
      text.append("图片").append(random.nextLong()).append('\n');
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(("\uFEFF" + text).getBytes(Charset.forName("GB18030")));
    }
    assertThat(packed.size()).isGreaterThan(1 << 20);

    TryOutView submitted = submit(packed.toByteArray(), IndexCharset.GB18030, 100);

    assertThat(submitted.lines()).hasSize(100);
    assertThat(submitted.lines().get(0).text())
        .startsWith("图片")
        .isEqualTo(text.substring(0, text.indexOf("\n")));
    assertThat(submitted.estimatedLines()).isBetween(190_000L, 210_000L);
  }

  @Test
  void itIsRunAsItsTaskWillBe() {
    storage.put(TestStorage.INDEX_BUCKET, tag, "a\n");

    TryOutView submitted =
        submit(new NewTryOut(script, tag, address(), null, 1, List.of("*.Example.org"), false));
    TryOutOffer offer = status(machine, null).orElseThrow();

    assertThat(submitted.allowedHosts()).containsExactly("*.example.org");
    assertThat(submitted.javaWire()).isFalse();
    assertThat(offer.options()).isEqualTo(new ScriptOptions(List.of("*.example.org"), false));
  }

  @Test
  void whatCannotBeTriedIsRefusedInWords() {
    assertRefused(new NewTryOut(script, "no-tag", address(), null, 10, null, null), "machineTag");
    assertRefused(
        new NewTryOut("0".repeat(64), tag, address(), null, 10, null, null), "scriptSha256");
    assertRefused(
        new NewTryOut(script, tag, "s3://x", null, 101, null, null), "indexAddress", "lines");
    assertRefused(
        new NewTryOut(script, tag, address() + "-none", null, 10, null, null), "indexAddress");
    assertRefused(
        new NewTryOut(script, tag, address(), null, 10, List.of("a:80"), null), "allowedHosts");
    storage.put(TestStorage.INDEX_BUCKET, tag, "\n  \n");
    assertRefused(new NewTryOut(script, tag, address(), null, 10, null, null), "indexAddress");
  }

  @Test
  void whoMayNotSubmitTasksTriesNothingOutAndHearsNothingOfTheIndex() {
    UserService users = beans.get(UserService.class);
    beans.inTransaction(() -> users.create("boss", new NewUser("gone", "走了", "password3", false)));
    beans.inTransaction(() -> users.deactivate("boss", "gone"));
    NewTryOut form = new NewTryOut(script, tag, address() + "-none", null, 10, null, null);

    assertThatThrownBy(() -> beans.inTransaction(() -> tryOuts.submit("gone", form)))
        .isInstanceOfSatisfying(
            ForbiddenException.class,
            refused -> assertThat(refused.code()).isEqualTo("user.inactive"));
  }

  private static void assertRefused(NewTryOut form, String... fields) {
    assertThatThrownBy(() -> submit(form))
        .isInstanceOfSatisfying(
            InvalidException.class,
            refused ->
                assertThat(refused.errors()).extracting(FieldError::field).containsExactly(fields));
  }
}
