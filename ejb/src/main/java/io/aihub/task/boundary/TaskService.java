package io.aihub.task.boundary;

import io.aihub.fleet.control.MachineRepository;
import io.aihub.identity.control.UserRepository;
import io.aihub.identity.entity.UserAccount;
import io.aihub.project.control.ProjectRepository;
import io.aihub.project.entity.ResearchProject;
import io.aihub.requirement.api.RequirementsState;
import io.aihub.requirement.boundary.RequirementService;
import io.aihub.requirement.entity.RequirementSet;
import io.aihub.script.boundary.ScriptService;
import io.aihub.script.control.ScriptRepository;
import io.aihub.script.entity.ScriptVersion;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import io.aihub.shared.Reason;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TargetSharer;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.api.TransitionView;
import io.aihub.task.control.TargetPath;
import io.aihub.task.control.TaskForm;
import io.aihub.task.control.TaskRepository;
import io.aihub.task.entity.DownloadTask;
import io.aihub.task.entity.StateTransition;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Download tasks: handing in, approval (审批), and what people do to a task that runs. Two who act on
 * one task at the same moment act one after the other; the second one is told what has changed.
 */
@Stateless
public class TaskService {

  private static final int MAX_COMMENT = 1000;

  @Inject private TaskRepository tasks;
  @Inject private UserRepository users;
  @Inject private ProjectRepository projects;
  @Inject private MachineRepository machines;
  @Inject private ScriptRepository scripts;
  @Inject private ScriptService scriptService;
  @Inject private RequirementService requirements;
  @Inject private Clock clock;

  /**
   * Hands in a task, which then waits for its receiver.
   *
   * @throws InvalidException naming every field that breaks a rule
   */
  public TaskView create(String actor, NewTask form) {
    UserAccount submitter = users.actor(actor);
    Instant now = clock.instant();
    InputCheck check = new InputCheck();
    NewTask checked = TaskForm.check(form, now, check);
    UserAccount receiver = receiver(checked.receiver(), submitter, check);
    ResearchProject project = project(checked.project(), check);
    checkMachineTag(checked.machineTag(), check);
    ScriptVersion script = script(checked.scriptSha256(), check);
    check.finish();
    if (script == null) {
      byte[] source = checked.script().getBytes(StandardCharsets.UTF_8);
      String required =
          checked.requirements() == null
              ? null
              : requirements
                  .upload(
                      actor, checked.requirements().getBytes(StandardCharsets.UTF_8), Locale.ROOT)
                  .sha256();
      String sha256 = scriptService.upload(actor, null, source, required, null).sha256();
      script = scripts.find(sha256).orElseThrow();
    }
    DownloadTask task =
        new DownloadTask(checked, checked.targetPath(), project, submitter, receiver, script, now);
    boolean shared = tasks.isTarget(checked.targetPath());
    tasks.add(task);
    if (shared) {
      task.keepManifestApart();
    }
    return whole(task);
  }

  /**
   * The receiver says yes; the scheduler takes the task from here.
   *
   * @throws ConflictException what the script requires is not ready, or can't be installed
   */
  public TaskView approve(String actor, long id, String comment) {
    return act(
        actor,
        id,
        comment,
        false,
        (task, by, now, text) -> {
          StateTransition approval = task.approve(by, now, text);
          scriptService.requireUsable(task.script().sha256());
          return approval;
        });
  }

  /** The receiver says no, and why. */
  public TaskView reject(String actor, long id, String comment) {
    return act(actor, id, comment, true, DownloadTask::reject);
  }

  /** No new lines are handed out; those in work may finish. */
  public TaskView pause(String actor, long id, String comment) {
    return act(actor, id, comment, false, DownloadTask::pause);
  }

  /** Goes on after a pause, or after a failure whose cause has been mended. */
  public TaskView resume(String actor, long id, String comment) {
    return act(actor, id, comment, false, DownloadTask::resume);
  }

  /**
   * Goes on with lines that had failed; from a task that is finished or running. Which lines is for
   * the queue to say.
   *
   * @param what says what is tried again, for the history; called when nothing else stands in the
   *     way, and while nobody else changes the task
   */
  public TaskView retryFailures(String actor, long id, String comment, Supplier<Reason> what) {
    return act(
        actor,
        id,
        comment,
        false,
        (task, by, now, text) -> {
          task.requireRetryable(by);
          return task.retryFailures(by, now, text, what.get());
        });
  }

  /** Stops a task for good. */
  public TaskView cancel(String actor, long id, String comment) {
    return act(actor, id, comment, false, DownloadTask::cancel);
  }

  /** Acts on the next lease. */
  public TaskView changePriority(String actor, long id, Priority priority) {
    UserAccount by = users.actor(actor);
    InputCheck check = new InputCheck();
    if (priority == null) {
      check.reject("priority", "input.required", "priority");
    }
    check.finish();
    DownloadTask task = tasks.forChange(id);
    task.changePriority(by, priority);
    return whole(task);
  }

  /**
   * Makes sure that somebody may decide how a task runs.
   *
   * @throws io.aihub.shared.NotFoundException there is no such task
   * @throws io.aihub.shared.ForbiddenException the actor is neither its submitter, nor its
   *     receiver, nor an admin
   */
  public void requireControl(String actor, long id) {
    tasks.get(id).requireConcerned(users.actor(actor));
  }

  public TaskView get(long id) {
    return whole(tasks.get(id));
  }

  /**
   * Unfinished tasks whose files those of a new one may meet, the newest first and no more than the
   * latest 20; none where {@code targetPath} would be refused. Whoever may hand in a task may read
   * every other, so all are named.
   */
  public List<TargetSharer> sharingTarget(String targetPath) {
    String path = TargetPath.check(new InputCheck(), "targetPath", targetPath);
    return path == null ? List.of() : tasks.sharingTarget(path, 0);
  }

  private TaskView whole(DownloadTask task) {
    return task.view(
        task.state().isUnfinished()
            ? tasks.sharingTarget(task.targetPath(), task.id())
            : List.of());
  }

  /**
   * Newest first.
   *
   * @param state null means any
   * @param nameContains part of the name in upper or lower case; null or blank means any
   * @param limit 1 to 500
   */
  public Page<TaskView> list(TaskState state, String nameContains, int offset, int limit) {
    PageRequest request = new PageRequest(offset, limit);
    InputCheck check = new InputCheck();
    String part = check.optionalText("name", nameContains, 100);
    check.finish();
    Page<DownloadTask> page = tasks.page(state, part, request);
    return new Page<>(
        page.items().stream().map(DownloadTask::view).toList(), page.offset(), page.total());
  }

  /**
   * The life of a task so far, oldest first.
   *
   * @param reader language of the reasons that the system gives
   */
  public List<TransitionView> transitions(long id, Locale reader) {
    tasks.get(id);
    return tasks.history(id).stream().map(step -> view(step, reader)).toList();
  }

  private interface Action {
    StateTransition on(DownloadTask task, UserAccount by, Instant now, String comment);
  }

  private TaskView act(
      String actor, long id, String comment, boolean commentRequired, Action action) {
    UserAccount by = users.actor(actor);
    InputCheck check = new InputCheck();
    String text =
        commentRequired
            ? check.requiredText("comment", comment, MAX_COMMENT)
            : check.optionalText("comment", comment, MAX_COMMENT);
    check.finish();
    DownloadTask task = tasks.forChange(id);
    tasks.add(action.on(task, by, clock.instant(), text));
    return whole(task);
  }

  private UserAccount receiver(String username, UserAccount submitter, InputCheck check) {
    if (username == null || username.isBlank()) {
      check.reject("receiver", "input.required", "receiver");
      return null;
    }
    UserAccount receiver = users.find(username).filter(UserAccount::isActive).orElse(null);
    if (receiver == null) {
      check.reject("receiver", "task.receiver.unknown");
    } else if (receiver.equals(submitter)) {
      check.reject("receiver", "task.receiver.self");
    }
    return receiver;
  }

  private ResearchProject project(String name, InputCheck check) {
    if (name == null) {
      return null;
    }
    ResearchProject project = projects.find(name).orElse(null);
    if (project == null) {
      check.reject("project", "task.project.unknown", name);
    }
    return project;
  }

  private void checkMachineTag(String tag, InputCheck check) {
    String text = check.requiredText("machineTag", tag, 64);
    if (text != null && !machines.knowsTag(tag)) {
      check.reject("machineTag", "task.machineTag.unknown", text);
    }
  }

  private ScriptVersion script(String sha256, InputCheck check) {
    if (sha256 == null) {
      return null;
    }
    ScriptVersion script = scripts.find(sha256).orElse(null);
    if (script == null) {
      check.reject("scriptSha256", "task.script.unknown");
    } else {
      rejectUninstallable(script, check);
    }
    return script;
  }

  private static void rejectUninstallable(ScriptVersion script, InputCheck check) {
    RequirementSet required = script.requirements();
    if (required != null && required.state() == RequirementsState.REFUSED) {
      Reason why = required.reason();
      check.reject("scriptSha256", why.code(), why.arguments().toArray());
    }
  }

  private static TransitionView view(StateTransition step, Locale reader) {
    UserAccount actor = step.actor();
    Reason reason = step.reason();
    return new TransitionView(
        step.from(),
        step.to(),
        actor == null ? "system" : actor.username(),
        actor == null ? Reason.of("task.actor.system").message(reader) : actor.displayName(),
        step.at(),
        step.comment(),
        reason == null ? null : reason.message(reader));
  }
}
