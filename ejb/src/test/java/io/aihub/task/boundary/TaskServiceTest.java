package io.aihub.task.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.identity.api.NewUser;
import io.aihub.identity.boundary.UserService;
import io.aihub.project.api.NewProject;
import io.aihub.project.boundary.ProjectService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.ConflictException;
import io.aihub.shared.FieldError;
import io.aihub.shared.ForbiddenException;
import io.aihub.shared.InvalidException;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.Page;
import io.aihub.shared.Reason;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TargetSharer;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.api.TransitionView;
import io.aihub.testing.Beans;
import io.aihub.testing.SettableClock;
import io.aihub.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TaskServiceTest {

  private static final String SCRIPT = "def download(line, output_local_dir):\n  return None\n";

  private static final SettableClock CLOCK = new SettableClock();
  private static Beans beans;
  private static TaskService tasks;

  @BeforeAll
  static void fill() {
    beans = new Beans(TestDatabase.create(), CLOCK);
    tasks = beans.get(TaskService.class);
    UserService users = beans.get(UserService.class);
    beans.inTransaction(() -> users.createFirstAdmin("boss", "boss-password"));
    beans.inTransaction(() -> users.create("boss", new NewUser("zhang", "张三", "password1", null)));
    beans.inTransaction(
        () -> users.create("boss", new NewUser("lixiao", "李晓", "password2", false)));
    beans.inTransaction(() -> users.create("boss", new NewUser("gone", "走了", "password3", false)));
    beans.inTransaction(() -> users.deactivate("boss", "gone"));
    beans.inTransaction(
        () -> beans.get(MachineService.class).create("boss", new NewMachine("hk-1", "香港")));
    beans.inTransaction(() -> beans.get(ProjectService.class).create("boss", new NewProject("视觉")));
  }

  @AfterAll
  static void close() {
    beans.close();
  }

  private static NewTask form(String name) {
    return form(name, "lixiao", "香港", "视觉", null);
  }

  private static NewTask form(
      String name, String receiver, String tag, String project, String sha256) {
    return form(name, receiver, tag, project, "/images/", sha256);
  }

  private static NewTask into(String targetPath) {
    return form("into", "lixiao", "香港", "视觉", targetPath, null);
  }

  private static NewTask form(
      String name, String receiver, String tag, String project, String targetPath, String sha256) {
    return new NewTask(
        name,
        null,
        CLOCK.instant().plus(Duration.ofDays(1)),
        null,
        project,
        receiver,
        tag,
        "s3://indexes/a.txt",
        null,
        targetPath,
        "训练,10 GB",
        sha256,
        sha256 == null ? SCRIPT : null,
        null,
        null,
        null,
        null);
  }

  private static TaskView created(String name) {
    return beans.inTransaction(() -> tasks.create("zhang", form(name)));
  }

  private static TaskView approved(String name) {
    long id = created(name).id();
    return beans.inTransaction(() -> tasks.approve("lixiao", id, null));
  }

  private static String codeOf(Runnable refused) {
    return catchThrowableOfType(
            BusinessException.class,
            () ->
                beans.inTransaction(
                    () -> {
                      refused.run();
                      return null;
                    }))
        .code();
  }

  @Test
  void aTaskIsKeptWithItsDefaultsAndWaitsForItsReceiver() {
    TaskView made = created("新任务");

    assertThat(beans.inTransaction(() -> tasks.get(made.id()))).isEqualTo(made);
    assertThat(made.state()).isEqualTo(TaskState.CREATED);
    assertThat(made.priority()).isEqualTo(Priority.LOW);
    assertThat(made.targetPath()).isEqualTo("images");
    assertThat(made.project()).isEqualTo("视觉");
    assertThat(made.submitterName()).isEqualTo("张三");
    assertThat(made.receiverName()).isEqualTo("李晓");
    assertThat(made.createdAt()).isEqualTo(CLOCK.instant());
    assertThat(made.scriptSha256()).hasSize(64);
    assertThat(made.allowedHosts()).isEmpty();
    assertThat(made.javaWire()).isTrue();
  }

  @Test
  void everyWrongFieldIsNamedAtOnce() {
    NewTask wrong = form("x y", "zhang", "nowhere", "nothing", "f".repeat(64));
    assertThatThrownBy(() -> beans.inTransaction(() -> tasks.create("zhang", wrong)))
        .asInstanceOf(InstanceOfAssertFactories.type(InvalidException.class))
        .satisfies(
            refusal ->
                assertThat(refusal.errors())
                    .extracting(FieldError::field)
                    .containsExactly("name", "receiver", "project", "machineTag", "scriptSha256"));
  }

  @Test
  void aReceiverMustBeActive() {
    assertThat(codeOf(() -> tasks.create("zhang", form("a", "gone", "香港", null, null))))
        .isEqualTo("task.receiver.unknown");
    assertThat(codeOf(() -> tasks.create("zhang", form("a", "\u0000", "香港", null, null))))
        .isEqualTo("task.receiver.unknown");
  }

  @Test
  void aMachineTagThatTheDatabaseCouldNotKeepIsRefused() {
    assertThat(codeOf(() -> tasks.create("zhang", form("a", "lixiao", "a\u0000", null, null))))
        .isEqualTo("input.control");
  }

  @Test
  void whoeverIsShutOutHandsNothingIn() {
    assertThat(codeOf(() -> tasks.create("gone", form("a")))).isEqualTo("user.inactive");
  }

  @Test
  void theSubmitterNeverApproves() {
    long id = created("自己的").id();
    assertThatThrownBy(() -> beans.inTransaction(() -> tasks.approve("zhang", id, null)))
        .isInstanceOf(ForbiddenException.class);
    assertThat(beans.inTransaction(() -> tasks.get(id)).state()).isEqualTo(TaskState.CREATED);
  }

  @Test
  void nobodyButTheReceiverApprovesNotEvenAnAdmin() {
    long id = created("别人的").id();
    assertThat(codeOf(() -> tasks.approve("boss", id, null))).isEqualTo("task.approval.receiver");
  }

  @Test
  void aRejectionNeedsAComment() {
    long id = created("不行").id();
    assertThat(codeOf(() -> tasks.reject("lixiao", id, " "))).isEqualTo("input.required");
    TaskView rejected = beans.inTransaction(() -> tasks.reject("lixiao", id, "太大"));
    assertThat(rejected.state()).isEqualTo(TaskState.REJECTED);
    assertThat(rejected.finishedAt()).isEqualTo(CLOCK.instant());
  }

  @Test
  void aCommentHasALimit() {
    long id = created("长评论").id();
    assertThat(codeOf(() -> tasks.approve("lixiao", id, "字".repeat(1001)))).isEqualTo("input.long");
    assertThat(beans.inTransaction(() -> tasks.approve("lixiao", id, "字".repeat(1000))).state())
        .isEqualTo(TaskState.IN_PROGRESS);
  }

  @Test
  void theHistoryTellsWhoDidWhatAndWhy() {
    long id = approved("历史").id();
    beans.inTransaction(() -> tasks.pause("zhang", id, "等一等"));
    beans.inTransaction(() -> tasks.resume("boss", id, null));
    beans.inTransaction(
        () -> {
          beans.get(TaskLifecycle.class).fail(id, Reason.of("task.machineTag.unknown", "x"));
          return null;
        });

    List<TransitionView> history = beans.inTransaction(() -> tasks.transitions(id, Locale.CHINESE));

    assertThat(history)
        .extracting(TransitionView::to)
        .containsExactly(
            TaskState.CREATED,
            TaskState.IN_PROGRESS,
            TaskState.PAUSED,
            TaskState.IN_PROGRESS,
            TaskState.FAILED);
    assertThat(history)
        .extracting(TransitionView::actorName)
        .containsExactly("张三", "李晓", "张三", "boss", "系统");
    assertThat(history.get(2).comment()).isEqualTo("等一等");
    assertThat(history.get(4).reason()).isEqualTo("没有标签为 x 的机器。");
  }

  @Test
  void whatHasEndedStaysEnded() {
    long id = approved("取消").id();
    beans.inTransaction(() -> tasks.cancel("lixiao", id, null));
    assertThatThrownBy(() -> beans.inTransaction(() -> tasks.resume("zhang", id, null)))
        .isInstanceOf(ConflictException.class);
  }

  private static TaskView retried(String actor, long id) {
    return beans.inTransaction(
        () -> tasks.retryFailures(actor, id, "源站好了", () -> Reason.of("retry.asked", 7)));
  }

  private static long finished(String name) {
    long id = approved(name).id();
    beans.inTransaction(
        () -> {
          beans.get(TaskLifecycle.class).complete(id);
          return null;
        });
    return id;
  }

  @Test
  void aFinishedTaskGoesOnWithItsFailuresAndKeepsItsHistory() {
    long id = finished("重试");

    TaskView task = retried("zhang", id);
    retried("lixiao", id); // while it runs

    assertThat(task.state()).isEqualTo(TaskState.IN_PROGRESS);
    assertThat(task.finishedAt()).isNull();
    List<TransitionView> history = beans.inTransaction(() -> tasks.transitions(id, Locale.CHINESE));
    assertThat(history)
        .extracting(TransitionView::to)
        .containsExactly(
            TaskState.CREATED,
            TaskState.IN_PROGRESS,
            TaskState.COMPLETED,
            TaskState.IN_PROGRESS,
            TaskState.IN_PROGRESS);
    assertThat(history.get(3).from()).isEqualTo(TaskState.COMPLETED);
    assertThat(history.get(3).actorName()).isEqualTo("张三");
    assertThat(history.get(3).comment()).isEqualTo("源站好了");
    assertThat(history.get(3).reason()).isEqualTo("重试失败的行：7");
    assertThat(history.get(4).from()).isEqualTo(TaskState.IN_PROGRESS);
  }

  @Test
  void onlyThoseConcernedHaveFailuresTriedAgainAndOnlyWhereItMakesSense() {
    beans.inTransaction(
        () ->
            beans
                .get(UserService.class)
                .create("boss", new NewUser("other", "别人", "password4", false)));
    long id = finished("拒绝");
    assertThat(codeOf(() -> retried("other", id))).isEqualTo("task.control.forbidden");
    assertThat(codeOf(() -> tasks.resume("zhang", id, null))).isEqualTo("task.transition.refused");
    assertThat(codeOf(() -> tasks.approve("lixiao", id, null)))
        .isEqualTo("task.transition.refused");
    assertThat(retried("boss", id).state()).isEqualTo(TaskState.IN_PROGRESS);

    beans.inTransaction(() -> tasks.pause("zhang", id, null));
    assertThat(codeOf(() -> retried("zhang", id))).isEqualTo("task.retry.refused");
    assertThat(codeOf(() -> tasks.approve("lixiao", id, null)))
        .isEqualTo("task.transition.refused");
    beans.inTransaction(() -> tasks.cancel("zhang", id, null));
    assertThat(codeOf(() -> retried("zhang", id))).isEqualTo("task.retry.refused");
    long created = created("未批").id();
    assertThat(codeOf(() -> retried("zhang", created))).isEqualTo("task.retry.refused");
  }

  @Test
  void ofTwoWhoDecideAtOnceTheSecondIsToldWhatTheFirstDid() {
    long id = created("同时").id();
    List<CompletableFuture<String>> both =
        Stream.<Supplier<TaskView>>of(
                () -> tasks.approve("lixiao", id, "x"), () -> tasks.reject("lixiao", id, "x"))
            .map(decision -> CompletableFuture.supplyAsync(() -> outcome(decision)))
            .toList();
    assertThat(both.stream().map(CompletableFuture::join))
        .contains("task.transition.refused")
        .containsAnyOf("IN_PROGRESS", "REJECTED");
  }

  @Test
  void tasksWithOneTargetPathHaveManifestsOfTheirOwn() {
    String first = created("first").manifestPath();
    List<CompletableFuture<TaskView>> more =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> created("more")))
            .limit(4)
            .toList();

    assertThat(more.stream().map(CompletableFuture::join))
        .allSatisfy(
            task -> assertThat(task.manifestPath()).isEqualTo("images/_manifest/task-" + task.id()))
        .extracting(TaskView::manifestPath)
        .doesNotContain(first);
  }

  @Test
  void oneOfManyTasksIntoANewFolderHasItsUsualManifest() {
    List<CompletableFuture<TaskView>> atOnce =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> beans.inTransaction(() -> tasks.create("zhang", into("new/folder")))))
            .limit(4)
            .toList();

    assertThat(atOnce.stream().map(CompletableFuture::join).map(TaskView::manifestPath))
        .containsOnlyOnce("new/folder/_manifest")
        .doesNotHaveDuplicates();
  }

  @Test
  void aTaskTellsOfOthersThatWriteWhereItDoesUntilItHasEnded() {
    TaskView first = beans.inTransaction(() -> tasks.create("zhang", into("shared/a")));
    TaskView second = beans.inTransaction(() -> tasks.create("zhang", into("shared")));
    long id = second.id();

    assertThat(first.sharesTargetWith()).isEmpty();
    assertThat(second.sharesTargetWith()).extracting(TargetSharer::id).containsExactly(first.id());
    assertThat(beans.inTransaction(() -> tasks.get(first.id())).sharesTargetWith())
        .extracting(TargetSharer::id)
        .containsExactly(id);
    assertThat(beans.inTransaction(() -> tasks.approve("lixiao", id, null)).sharesTargetWith())
        .hasSize(1);
    assertThat(beans.inTransaction(() -> tasks.cancel("zhang", id, null)).sharesTargetWith())
        .isEmpty();
    assertThat(beans.inTransaction(() -> tasks.list(null, null, 0, 1)).items().get(0))
        .extracting(TaskView::sharesTargetWith)
        .isNull();
  }

  @Test
  void whoseFilesANewTaskMayMeetIsToldBeforeItIsHandedIn() {
    TaskView waiting = beans.inTransaction(() -> tasks.create("zhang", into("planned")));

    assertThat(beans.inTransaction(() -> tasks.sharingTarget(" /planned/2026/ ")))
        .extracting(TargetSharer::id)
        .containsExactly(waiting.id());
    for (String unfit : new String[] {null, " ", "planned/../b", "planned\nplanned"}) {
      assertThat(beans.inTransaction(() -> tasks.sharingTarget(unfit))).isEmpty();
    }
  }

  private static String outcome(Supplier<TaskView> decision) {
    try {
      return beans.inTransaction(decision).state().name();
    } catch (ConflictException second) {
      return second.code();
    }
  }

  @Test
  void aPriorityIsChangedByThoseConcerned() {
    long id = approved("优先级").id();
    assertThat(beans.inTransaction(() -> tasks.changePriority("lixiao", id, Priority.HIGH)))
        .extracting(TaskView::priority)
        .isEqualTo(Priority.HIGH);
    assertThat(codeOf(() -> tasks.changePriority("lixiao", id, null))).isEqualTo("input.required");
  }

  @Test
  void theListIsFilteredAndPagedNewestFirst() {
    long first = created("List_A1").id();
    long second = created("list_a2").id();
    created("listXa3");

    Page<TaskView> page = beans.inTransaction(() -> tasks.list(null, "LIST_A", 0, 10));
    assertThat(page.items()).extracting(TaskView::id).containsExactly(second, first);
    assertThat(page.total()).isEqualTo(2);

    Page<TaskView> rest = beans.inTransaction(() -> tasks.list(TaskState.CREATED, "list_a", 1, 1));
    assertThat(rest.items()).extracting(TaskView::id).containsExactly(first);
    assertThat(rest.total()).isEqualTo(2);
    assertThat(beans.inTransaction(() -> tasks.list(TaskState.COMPLETED, "list_a", 0, 1)).items())
        .isEmpty();
    assertThat(codeOf(() -> tasks.list(null, null, 0, 0))).isEqualTo("input.limit");
    assertThat(codeOf(() -> tasks.list(null, "\u0000", 0, 1))).isEqualTo("input.control");
  }

  @Test
  void anUnknownTaskIsNotFound() {
    assertThatThrownBy(() -> beans.inTransaction(() -> tasks.approve("lixiao", 999, null)))
        .isInstanceOf(NotFoundException.class);
    assertThat(codeOf(() -> tasks.transitions(999, Locale.ENGLISH))).isEqualTo("task.unknown");
  }
}
