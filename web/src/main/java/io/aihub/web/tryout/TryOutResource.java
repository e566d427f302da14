package io.aihub.web.tryout;

import io.aihub.shared.Page;
import io.aihub.tryout.api.NewTryOut;
import io.aihub.tryout.api.TryOutResult;
import io.aihub.tryout.api.TryOutView;
import io.aihub.tryout.boundary.TryOutService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Scripts on a few lines, without a task. */
@Path("try-outs")
@ApplicationScoped
@RolesAllowed(Roles.USER)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "try-outs", description = "A script on the first lines of an index, nothing stored")
public class TryOutResource {

  @Inject private TryOutService tryOuts;
  @Inject private Caller caller;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "submitTryOut",
      summary = "Has a machine of a tag run a script on the first lines of an index",
      description = "A machine takes it with its next status report, within half a minute.")
  @APIResponse(
      responseCode = "201",
      description = "The try-out, which waits for a machine",
      content = @Content(schema = @Schema(implementation = TryOutView.class)))
  public Response submit(@NotNull NewTryOut form, @Context UriInfo uri) {
    TryOutView tryOut = tryOuts.submit(caller.username(), form);
    return Response.created(uri.getAbsolutePathBuilder().path(String.valueOf(tryOut.id())).build())
        .entity(tryOut)
        .build();
  }

  @GET
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "listTryOuts", summary = "Lists a version's try-outs, newest first")
  @APIResponse(responseCode = "200", description = "One page of the list, without lines")
  public Page<TryOutView> list(
      @Parameter(description = "SHA-256 of the version") @QueryParam("script") String script,
      @QueryParam("offset") @DefaultValue("0") int offset,
      @Parameter(description = "1 to 500") @QueryParam("limit") @DefaultValue("50") int limit) {
    return tryOuts.list(script, offset, limit);
  }

  @GET
  @Path("{id}")
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "getTryOut", summary = "Reads a try-out and its results so far")
  @APIResponse(
      responseCode = "200",
      description = "The try-out with its lines",
      content = @Content(schema = @Schema(implementation = TryOutView.class)))
  public TryOutView get(@PathParam("id") long id) {
    return tryOuts.get(id);
  }

  @POST
  @Path("{id}/results")
  @RolesAllowed(Roles.MACHINE)
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.MACHINE)
  @Operation(
      operationId = "reportTryOut",
      summary = "Says what became of one line; 409 means that the machine gives the try-out up")
  @APIResponse(responseCode = "204", description = "Noted")
  public void report(@PathParam("id") long id, @NotNull @Valid TryOutResult result) {
    tryOuts.record(caller.machine(), id, result);
  }
}
