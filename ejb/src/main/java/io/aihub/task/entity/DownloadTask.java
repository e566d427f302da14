package io.aihub.task.entity;

import io.aihub.identity.entity.UserAccount;
import io.aihub.project.entity.ResearchProject;
import io.aihub.script.entity.RunSettings;
import io.aihub.script.entity.ScriptVersion;
import io.aihub.shared.ConflictException;
import io.aihub.shared.ForbiddenException;
import io.aihub.shared.Reason;
import io.aihub.task.api.IndexCharset;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TargetSharer;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskType;
import io.aihub.task.api.TaskView;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A request to fetch every line of one index file into one place in storage. */
@Entity
@Table(name = "download_task")
public class DownloadTask {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "download_task_seq")
  @SequenceGenerator(
      name = "download_task_seq",
      sequenceName = "download_task_seq",
      allocationSize = 1)
  private Long id;

  @Version private long version;
  private String name;

  @Enumerated(EnumType.ORDINAL)
  private Priority priority;

  @Column(name = "expected_delivery_at")
  private Instant expectedDeliveryAt;

  @Enumerated(EnumType.STRING)
  private TaskType type;

  @ManyToOne private ResearchProject project;
  @ManyToOne private UserAccount submitter;
  @ManyToOne private UserAccount receiver;

  @Column(name = "machine_tag")
  private String machineTag;

  @Column(name = "index_address")
  private String indexAddress;

  @Enumerated(EnumType.STRING)
  @Column(name = "index_charset")
  private IndexCharset indexCharset;

  @Column(name = "target_path")
  private String targetPath;

  @Column(name = "manifest_folder")
  private String manifestFolder = TaskView.MANIFEST_FOLDER;

  private String purpose;

  @ManyToOne
  @JoinColumn(name = "script_sha256")
  private ScriptVersion script;

  private boolean overwrite;

  @Embedded private RunSettings settings;

  @Enumerated(EnumType.STRING)
  private TaskState state = TaskState.CREATED;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "approved_at")
  private Instant approvedAt;

  @Column(name = "finished_at")
  private Instant finishedAt;

  protected DownloadTask() {} // for JPA

  /** A new task from a form whose values have been checked; see {@code TaskService.create}. */
  public DownloadTask(
      NewTask form,
      String targetPath,
      ResearchProject project,
      UserAccount submitter,
      UserAccount receiver,
      ScriptVersion script,
      Instant now) {
    this.name = form.name();
    this.priority = form.priority() == null ? Priority.LOW : form.priority();
    this.expectedDeliveryAt = form.expectedDeliveryAt();
    this.type = form.type() == null ? TaskType.DATA_DOWNLOAD : form.type();
    this.project = project;
    this.submitter = submitter;
    this.receiver = receiver;
    this.machineTag = form.machineTag();
    this.indexAddress = form.indexAddress();
    this.indexCharset = form.indexCharset() == null ? IndexCharset.UTF_8 : form.indexCharset();
    this.targetPath = targetPath;
    this.purpose = form.purpose();
    this.script = script;
    this.overwrite = Boolean.TRUE.equals(form.overwrite());
    this.settings = new RunSettings(form.allowedHosts(), form.javaWire());
    this.createdAt = now;
  }

  /**
   * Gives the manifest a folder of its own: another task has the usual one below this target path.
   */
  public void keepManifestApart() {
    manifestFolder = TaskView.MANIFEST_FOLDER + "/task-" + id;
  }

  /** The first entry of the history. */
  public StateTransition created() {
    return new StateTransition(this, null, state, submitter, createdAt, null, null);
  }

  public StateTransition approve(UserAccount by, Instant now, String comment) {
    requireReceiver(by);
    requireState(TaskState.IN_PROGRESS, EnumSet.of(TaskState.CREATED));
    StateTransition transition = become(TaskState.IN_PROGRESS, by, now, comment, null);
    approvedAt = now;
    return transition;
  }

  public StateTransition reject(UserAccount by, Instant now, String comment) {
    requireReceiver(by);
    return become(TaskState.REJECTED, by, now, comment, null);
  }

  public StateTransition pause(UserAccount by, Instant now, String comment) {
    requireConcerned(by);
    return become(TaskState.PAUSED, by, now, comment, null);
  }

  /** Goes on after a pause, or after a failure whose cause has been mended. */
  public StateTransition resume(UserAccount by, Instant now, String comment) {
    requireConcerned(by);
    requireState(TaskState.IN_PROGRESS, EnumSet.of(TaskState.PAUSED, TaskState.FAILED));
    return become(TaskState.IN_PROGRESS, by, now, comment, null);
  }

  /** Throws unless {@code by} may have failures tried again now. */
  public void requireRetryable(UserAccount by) {
    requireConcerned(by);
    if (state != TaskState.COMPLETED && state != TaskState.IN_PROGRESS) {
      throw new ConflictException("task.retry.refused", name, state);
    }
  }

  /**
   * Goes on with lines that had failed. Of a task that runs, the entry of the history says from
   * which state to which: from in progress to in progress.
   */
  public StateTransition retryFailures(UserAccount by, Instant now, String comment, Reason what) {
    requireRetryable(by);
    return state == TaskState.IN_PROGRESS
        ? new StateTransition(this, state, state, by, now, comment, what)
        : become(TaskState.IN_PROGRESS, by, now, comment, what);
  }

  public StateTransition cancel(UserAccount by, Instant now, String comment) {
    requireConcerned(by);
    return become(TaskState.CANCELLED, by, now, comment, null);
  }

  /** All lines are settled. */
  public StateTransition complete(Instant now) {
    return become(TaskState.COMPLETED, null, now, null, null);
  }

  /** The system cannot go on; {@code why} says what a person has to mend. */
  public StateTransition fail(Instant now, Reason why) {
    return become(TaskState.FAILED, null, now, null, why);
  }

  /** Acts on the next lease. */
  public void changePriority(UserAccount by, Priority newPriority) {
    requireConcerned(by);
    priority = newPriority;
  }

  private void requireState(TaskState next, Set<TaskState> from) {
    if (!from.contains(state)) {
      throw new ConflictException("task.transition.refused", name, state, next);
    }
  }

  private StateTransition become(
      TaskState next, UserAccount by, Instant now, String comment, Reason why) {
    if (!state.canBecome(next)) {
      throw new ConflictException("task.transition.refused", name, state, next);
    }
    StateTransition transition = new StateTransition(this, state, next, by, now, comment, why);
    state = next;
    finishedAt = next == TaskState.IN_PROGRESS || next == TaskState.PAUSED ? null : now;
    return transition;
  }

  private void requireReceiver(UserAccount by) {
    if (by.equals(submitter)) {
      throw new ForbiddenException("task.approval.self", name);
    }
    if (!by.equals(receiver)) {
      throw new ForbiddenException("task.approval.receiver", name, receiver.displayName());
    }
  }

  /** Lets only those decide how the task runs who have to do with it. */
  public void requireConcerned(UserAccount by) {
    if (!by.isAdmin() && !by.equals(submitter) && !by.equals(receiver)) {
      throw new ForbiddenException("task.control.forbidden", name);
    }
  }

  public Long id() {
    return id;
  }

  public String name() {
    return name;
  }

  public Priority priority() {
    return priority;
  }

  public Instant expectedDeliveryAt() {
    return expectedDeliveryAt;
  }

  public TaskType type() {
    return type;
  }

  /** Null where the task belongs to none. */
  public ResearchProject project() {
    return project;
  }

  public UserAccount submitter() {
    return submitter;
  }

  public UserAccount receiver() {
    return receiver;
  }

  public String machineTag() {
    return machineTag;
  }

  public String indexAddress() {
    return indexAddress;
  }

  public IndexCharset indexCharset() {
    return indexCharset;
  }

  /** Relative to the target bucket; no slash at either end. */
  public String targetPath() {
    return targetPath;
  }

  public String purpose() {
    return purpose;
  }

  public ScriptVersion script() {
    return script;
  }

  public boolean isOverwrite() {
    return overwrite;
  }

  public TaskState state() {
    return state;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** Null until the receiver approves. */
  public Instant approvedAt() {
    return approvedAt;
  }

  /** When the task reached its last state; null while it runs or waits. */
  public Instant finishedAt() {
    return finishedAt;
  }

  /** Where its manifest is, relative to the target bucket. */
  private String manifestPath() {
    return targetPath + "/" + manifestFolder;
  }

  /** As it stands in a list of tasks. */
  public TaskView view() {
    return view(null);
  }

  /** As it is shown by itself; for {@code sharers} see {@link TaskView}. */
  public TaskView view(List<TargetSharer> sharers) {
    return new TaskView(
        id,
        name,
        priority,
        expectedDeliveryAt,
        type,
        project == null ? null : project.name(),
        submitter.username(),
        submitter.displayName(),
        receiver.username(),
        receiver.displayName(),
        machineTag,
        indexAddress,
        indexCharset,
        targetPath,
        manifestPath(),
        purpose,
        script.sha256(),
        overwrite,
        settings.allowedHosts(),
        settings.isJavaWire(),
        state,
        createdAt,
        approvedAt,
        finishedAt,
        sharers);
  }
}
