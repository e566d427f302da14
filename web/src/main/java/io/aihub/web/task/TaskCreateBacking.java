package io.aihub.web.task;

import io.aihub.fleet.boundary.MachineService;
import io.aihub.identity.api.UserView;
import io.aihub.identity.boundary.UserService;
import io.aihub.project.api.ProjectView;
import io.aihub.project.boundary.ProjectService;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.BusinessException;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.Priority;
import io.aihub.task.api.TargetSharer;
import io.aihub.task.api.TaskType;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.script.RunForm;
import io.aihub.web.script.ScriptUpload;
import io.aihub.web.support.LanguageSwitched;
import io.aihub.web.support.Notices;
import io.aihub.web.support.TextFormat;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.List;
import org.primefaces.event.FileUploadEvent;

/** The form of a new task (发起任务). */
@Named("taskCreate")
@ViewScoped
@SuppressWarnings("serial") // what is injected are the container's proxies, which are serialisable
public class TaskCreateBacking implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int SCRIPTS_OFFERED = 100;

  @Inject private TaskService tasks;
  @Inject private UserService users;
  @Inject private ProjectService projects;
  @Inject private MachineService machines;
  @Inject private ScriptService scripts;
  @Inject private ScriptUpload upload;
  @Inject private CurrentUser user;
  @Inject private Notices notices;
  @Inject private TextFormat text;
  @Inject private Clock clock;

  private String name;
  private Priority priority = Priority.LOW;
  private LocalDateTime expectedDeliveryAt;
  private TaskType type = TaskType.DATA_DOWNLOAD;
  private String project;
  private String receiver;
  private String targetPath;
  private String purpose;
  private String script;
  private boolean overwrite;
  private List<TargetSharer> sharers = List.of();
  private final RunForm run = new RunForm();

  private List<ProjectView> projectChoices;
  private List<UserView> receiverChoices;
  private List<String> machineTagChoices;
  private List<ScriptView> scriptChoices;

  @PostConstruct
  void open() {
    projectChoices = projects.list();
    receiverChoices = users.receivers(user.getUsername());
    machineTagChoices = machines.tags();
    offerScripts();
  }

  private void offerScripts() {
    scriptChoices = scripts.list(0, SCRIPTS_OFFERED).items();
  }

  /** Keeps the uploaded file as a version and chooses it. */
  public void receive(FileUploadEvent event) {
    chooseKept(upload.receive(event));
  }

  /** The same with what the script requires. */
  public void receiveRequirements(FileUploadEvent event) {
    chooseKept(upload.receiveRequirements(event));
  }

  public void dropRequirements() {
    chooseKept(upload.dropRequirements());
  }

  private void chooseKept(boolean there) {
    if (there) {
      script = upload.getKept().sha256();
      offerScripts();
    }
  }

  /** Looks who else writes where this task would. */
  public void lookForSharers() {
    sharers = tasks.sharingTarget(targetPath);
  }

  void translate(@Observes(notifyObserver = Reception.IF_EXISTS) LanguageSwitched switched) {
    upload.translate();
  }

  public String submit() {
    try {
      TaskView task =
          tasks.create(
              user.getUsername(),
              new NewTask(
                  name,
                  priority,
                  expectedDeliveryAt == null
                      ? null
                      : expectedDeliveryAt.atZone(text.getZone()).toInstant(),
                  type,
                  project,
                  receiver,
                  run.getMachineTag(),
                  run.getIndexAddress(),
                  run.getIndexCharset(),
                  targetPath,
                  purpose,
                  script,
                  null,
                  null,
                  overwrite,
                  run.hosts(),
                  run.isJavaWire()));
      notices.doneBeforeLeaving("create.done", task.name(), task.receiverName());
      return "/tasks/detail?faces-redirect=true&id=" + task.id();
    } catch (BusinessException refusal) {
      notices.refused(refusal);
      return null;
    }
  }

  /** The years that the calendar offers: this one and the next five. */
  public String getYearRange() {
    int thisYear = LocalDateTime.now(clock.withZone(text.getZone())).getYear();
    return thisYear + ":" + (thisYear + 5);
  }

  public Priority[] getPriorities() {
    return Priority.values();
  }

  public TaskType[] getTypes() {
    return TaskType.values();
  }

  public List<ProjectView> getProjectChoices() {
    return projectChoices;
  }

  public List<UserView> getReceiverChoices() {
    return receiverChoices;
  }

  public List<String> getMachineTagChoices() {
    return machineTagChoices;
  }

  /** The latest versions, newest first. */
  public List<ScriptView> getScriptChoices() {
    return scriptChoices;
  }

  public ScriptUpload getUpload() {
    return upload;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public Priority getPriority() {
    return priority;
  }

  public void setPriority(Priority priority) {
    this.priority = priority;
  }

  /** Local time in the zone of {@link TextFormat#getZone()}. */
  public LocalDateTime getExpectedDeliveryAt() {
    return expectedDeliveryAt;
  }

  public void setExpectedDeliveryAt(LocalDateTime expectedDeliveryAt) {
    this.expectedDeliveryAt = expectedDeliveryAt;
  }

  public TaskType getType() {
    return type;
  }

  public void setType(TaskType type) {
    this.type = type;
  }

  public String getProject() {
    return project;
  }

  public void setProject(String project) {
    this.project = project;
  }

  public String getReceiver() {
    return receiver;
  }

  public void setReceiver(String receiver) {
    this.receiver = receiver;
  }

  public String getTargetPath() {
    return targetPath;
  }

  public void setTargetPath(String targetPath) {
    this.targetPath = targetPath;
  }

  /** Other unfinished tasks whose files those of this one may meet. */
  public List<TargetSharer> getSharers() {
    return sharers;
  }

  public String getPurpose() {
    return purpose;
  }

  public void setPurpose(String purpose) {
    this.purpose = purpose;
  }

  /** SHA-256 of the chosen version. */
  public String getScript() {
    return script;
  }

  public void setScript(String script) {
    this.script = script;
  }

  public RunForm getRun() {
    return run;
  }

  public boolean isOverwrite() {
    return overwrite;
  }

  public void setOverwrite(boolean overwrite) {
    this.overwrite = overwrite;
  }
}
