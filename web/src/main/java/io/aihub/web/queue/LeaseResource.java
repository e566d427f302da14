package io.aihub.web.queue;

import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.RenewAnswer;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.api.UploadAnswer;
import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.boundary.LeaseOffer;
import io.aihub.queue.boundary.LeaseService;
import io.aihub.queue.boundary.UploadService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.MachinesOnly;
import io.aihub.web.support.RestApplication;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The queue, as download servers see it. Bean Validation has no part in {@code lease}, {@code
 * settle} and {@code grantUploads}, which servers call all day: the services check what the
 * records' annotations state.
 */
@Path("leases")
@ApplicationScoped
@MachinesOnly
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = RestApplication.MACHINE)
@Tag(name = "leases", description = "Lines of index files, handed out to download servers")
public class LeaseResource {

  @Inject private LeaseService leases;
  @Inject private UploadService uploads;
  @Inject private Caller caller;

  @POST
  @Operation(
      operationId = "lease",
      summary = "Takes the next lines of the machine's tag",
      description = "10 lines unless the capacity says otherwise, 1000 at most.")
  @APIResponse(
      responseCode = "200",
      description = "Lines that this worker holds until the lease expires",
      content = @Content(schema = @Schema(implementation = LeaseGrant.class)))
  @APIResponse(
      responseCode = "204",
      description = "Nothing to hand out",
      headers =
          @Header(
              name = HttpHeaders.RETRY_AFTER,
              description = "Seconds until it is worth asking again",
              schema = @Schema(implementation = Integer.class)))
  public Response lease(LeaseRequest request) {
    LeaseOffer offer = leases.lease(caller.machine(), request);
    return offer.grant() == null
        ? Response.noContent().header(HttpHeaders.RETRY_AFTER, offer.retryAfterSeconds()).build()
        : Response.ok(offer.grant()).build();
  }

  @POST
  @Path("{id}/settle")
  @Operation(
      operationId = "settle",
      summary = "Reports on every line of a lease and takes the next ones",
      description = "The same report sent again is answered as it was the first time.")
  @APIResponse(
      responseCode = "200",
      description = "The report was counted",
      content = @Content(schema = @Schema(implementation = SettleAnswer.class)))
  public SettleAnswer settle(@PathParam("id") UUID id, SettleRequest report) {
    return leases.settle(caller.machine(), id, report);
  }

  @POST
  @Path("{id}/renew")
  @Operation(
      operationId = "renew",
      summary = "Puts the expiry of a lease off, where lines have been finished since")
  @APIResponse(
      responseCode = "200",
      description = "The lease goes on",
      content = @Content(schema = @Schema(implementation = RenewAnswer.class)))
  public RenewAnswer renew(@PathParam("id") UUID id, @NotNull @Valid RenewRequest request) {
    return leases.renew(caller.machine(), id, request);
  }

  @POST
  @Path("{id}/uploads")
  @Operation(
      operationId = "grantUploads",
      summary = "Decides on each finished file and signs its upload to the relay")
  @APIResponse(
      responseCode = "200",
      description = "One grant for each file, in the same order",
      content = @Content(schema = @Schema(implementation = UploadAnswer.class)))
  public UploadAnswer grantUploads(@PathParam("id") UUID id, UploadRequest request) {
    return uploads.grant(caller.machine(), id, request);
  }
}
