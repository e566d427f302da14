package io.aihub.web.task;

import io.aihub.queue.api.LedgerCheck;
import io.aihub.queue.api.LedgerReport;
import io.aihub.queue.api.RetryAnswer;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.boundary.FailureRetryService;
import io.aihub.queue.boundary.LedgerCheckService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.ReaderLanguage;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What is done about lines that failed, and the proof that none is lost. */
@Path("tasks")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = RestApplication.PERSON)
@Tag(name = "tasks")
public class TaskRepairResource {

  @Inject private LedgerCheckService checks;
  @Inject private FailureRetryService retries;
  @Inject private Caller caller;

  @POST
  @Path("{id}/retry-failures")
  @RolesAllowed(Roles.USER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "retryFailures",
      summary = "Has failed lines tried again: all, those of some classes, or some lines")
  @APIResponse(
      responseCode = "200",
      description = "The task, in progress, and how many lines go again",
      content = @Content(schema = @Schema(implementation = RetryAnswer.class)))
  public RetryAnswer retryFailures(@PathParam("id") long id, RetryRequest request) {
    return retries.retry(
        caller.username(), id, request == null ? new RetryRequest(null, null, null) : request);
  }

  @GET
  @Path("{id}/ledger-check")
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      operationId = "checkLedger",
      summary = "Compares the counters of a task with what they stand for (admins)")
  @APIResponse(
      responseCode = "200",
      description = "Whether all is well, or the first segment that is off",
      content = @Content(schema = @Schema(implementation = LedgerCheck.class)))
  public LedgerCheck checkLedger(
      @PathParam("id") long id,
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) String language) {
    return checks.check(caller.username(), id, ReaderLanguage.of(language));
  }

  @GET
  @Path("ledger-check")
  @RolesAllowed(Roles.ADMIN)
  @Operation(operationId = "checkLedgers", summary = "The same for every task (admins)")
  @APIResponse(
      responseCode = "200",
      description = "The tasks that are off",
      content = @Content(schema = @Schema(implementation = LedgerReport.class)))
  public LedgerReport checkLedgers(
      @Parameter(hidden = true) @HeaderParam(HttpHeaders.ACCEPT_LANGUAGE) String language) {
    return checks.checkAll(caller.username(), ReaderLanguage.of(language));
  }
}
