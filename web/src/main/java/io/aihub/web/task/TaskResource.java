package io.aihub.web.task;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.FailureView;
import io.aihub.queue.api.TaskLimits;
import io.aihub.queue.boundary.LedgerService;
import io.aihub.queue.boundary.LimitService;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import io.aihub.task.api.NewTask;
import io.aihub.task.api.TaskState;
import io.aihub.task.api.TaskView;
import io.aihub.task.boundary.TaskService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.ReaderLanguage;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Download tasks, for people's programs. */
@Path("tasks")
@ApplicationScoped
@RolesAllowed(Roles.USER)
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = RestApplication.PERSON)
@Tag(name = "tasks", description = "Download tasks")
public class TaskResource {

  @Inject private TaskService tasks;
  @Inject private LedgerService ledger;
  @Inject private LimitService limits;
  @Inject private Caller caller;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "createTask",
      summary = "Hands in a task, which then waits for its receiver")
  @APIResponse(
      responseCode = "201",
      description = "The task",
      headers =
          @Header(
              name = HttpHeaders.LOCATION,
              description = "Address of the task",
              schema = @Schema(implementation = String.class)),
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public Response create(@NotNull NewTask form, @Context UriInfo uri) {
    TaskView task = tasks.create(caller.username(), form);
    return Response.created(uri.getAbsolutePathBuilder().path(Long.toString(task.id())).build())
        .entity(task)
        .build();
  }

  @GET
  @Operation(operationId = "listTasks", summary = "Lists tasks, newest first")
  @APIResponse(responseCode = "200", description = "One page of the list")
  public Page<TaskView> list(
      @Parameter(description = "Only tasks in this state") @QueryParam("state") TaskState state,
      @Parameter(description = "Only tasks whose name contains this") @QueryParam("name")
          String name,
      @QueryParam("offset") @DefaultValue("0") int offset,
      @Parameter(description = "1 to 500") @QueryParam("limit") @DefaultValue("50") int limit) {
    return tasks.list(state, name, offset, limit);
  }

  @GET
  @Path("{id}")
  @Operation(operationId = "getTask", summary = "Reads a task, its ledger and its history")
  @APIResponse(
      responseCode = "200",
      description = "The task",
      content = @Content(schema = @Schema(implementation = TaskDetail.class)))
  public TaskDetail get(
      @PathParam("id") long id,
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) String language) {
    return new TaskDetail(
        tasks.get(id),
        limits.ofTask(id),
        ledger.ledger(id),
        ledger.failuresByClass(id),
        tasks.transitions(id, ReaderLanguage.of(language)));
  }

  @GET
  @Path("{id}/failures")
  @Operation(
      operationId = "listFailures",
      summary = "Reads the failure log in the order of the lines")
  @APIResponse(responseCode = "200", description = "One page of the log")
  public Page<FailureView> failures(
      @PathParam("id") long id,
      @Parameter(description = "Only this class") @QueryParam("class") FailureClass only,
      @Parameter(description = "Leave out lines that wait to be tried again")
          @QueryParam("finalOnly")
          @DefaultValue("false")
          boolean finalOnly,
      @QueryParam("offset") @DefaultValue("0") int offset,
      @Parameter(description = "1 to 500") @QueryParam("limit") @DefaultValue("50") int limit) {
    tasks.get(id);
    PageRequest page = new PageRequest(offset, limit);
    return ledger.failures(id, only, finalOnly, page.offset(), page.limit());
  }

  @POST
  @Path("{id}/approve")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "approveTask", summary = "The receiver says yes")
  @APIResponse(
      responseCode = "200",
      description = "The task, in progress",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public TaskView approve(@PathParam("id") long id, Decision decision) {
    return tasks.approve(caller.username(), id, comment(decision));
  }

  @POST
  @Path("{id}/reject")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "rejectTask", summary = "The receiver says no, and why")
  @APIResponse(
      responseCode = "200",
      description = "The task, rejected",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public TaskView reject(@PathParam("id") long id, Decision decision) {
    return tasks.reject(caller.username(), id, comment(decision));
  }

  @POST
  @Path("{id}/pause")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "pauseTask",
      summary = "Hands out no new lines; those in work may finish")
  @APIResponse(
      responseCode = "200",
      description = "The task, paused",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public TaskView pause(@PathParam("id") long id, Decision decision) {
    return tasks.pause(caller.username(), id, comment(decision));
  }

  @POST
  @Path("{id}/resume")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "resumeTask",
      summary = "Goes on after a pause, or after a failure whose cause has been mended")
  @APIResponse(
      responseCode = "200",
      description = "The task, in progress",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public TaskView resume(@PathParam("id") long id, Decision decision) {
    return tasks.resume(caller.username(), id, comment(decision));
  }

  @POST
  @Path("{id}/cancel")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "cancelTask", summary = "Stops a task for good")
  @APIResponse(
      responseCode = "200",
      description = "The task, cancelled",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public TaskView cancel(@PathParam("id") long id, Decision decision) {
    return tasks.cancel(caller.username(), id, comment(decision));
  }

  @POST
  @Path("{id}/priority")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "changePriority",
      summary = "Changes the priority; acts on the next lease")
  @APIResponse(
      responseCode = "200",
      description = "The task",
      content = @Content(schema = @Schema(implementation = TaskView.class)))
  public TaskView changePriority(@PathParam("id") long id, @NotNull NewPriority change) {
    return tasks.changePriority(caller.username(), id, change.priority());
  }

  @PUT
  @Path("{id}/limits")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "limitTask",
      summary = "Limits what the task may take of the fleet; acts on the next lease",
      description =
          "A limit that is left out is taken away. A task holds maxLeases leases at a time at most,"
              + " and is handed out linesPerSecond lines per second at most.")
  @APIResponse(
      responseCode = "200",
      description = "The limits as they stand",
      content = @Content(schema = @Schema(implementation = TaskLimits.class)))
  public TaskLimits limit(@PathParam("id") long id, @NotNull TaskLimits wanted) {
    return limits.limit(caller.username(), id, wanted);
  }

  private static String comment(Decision decision) {
    return decision == null ? null : decision.comment();
  }
}
