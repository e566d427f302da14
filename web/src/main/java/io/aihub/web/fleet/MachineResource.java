package io.aihub.web.fleet;

import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineToken;
import io.aihub.fleet.api.MachineView;
import io.aihub.fleet.api.NewMachine;
import io.aihub.fleet.boundary.MachineService;
import io.aihub.queue.boundary.LimitService;
import io.aihub.requirement.boundary.RequirementService;
import io.aihub.tryout.api.Errands;
import io.aihub.tryout.boundary.TryOutService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The download servers. */
@Path("machines")
@ApplicationScoped
@RolesAllowed(Roles.ADMIN)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "machines", description = "Download servers")
public class MachineResource {

  @Inject private MachineService machines;
  @Inject private LimitService limits;
  @Inject private TryOutService tryOuts;
  @Inject private RequirementService requirements;
  @Inject private Caller caller;

  @PUT
  @Path("self/status")
  @RolesAllowed(Roles.MACHINE)
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.MACHINE)
  @Operation(
      operationId = "reportStatus",
      summary = "Says what the calling machine does, and may be given something to do")
  @APIResponse(
      responseCode = "200",
      description = "Noted; what this machine is to do beside its downloads",
      content = @Content(schema = @Schema(implementation = Errands.class)))
  @APIResponse(responseCode = "204", description = "Noted")
  public Response report(
      @NotNull @Valid MachineStatus status, @Context HttpServletRequest request) {
    machines.reportStatus(caller.machine(), status, request.getRemoteAddr());
    Errands errands =
        new Errands(
            tryOuts.offer(caller.machine(), status).orElse(null),
            requirements.offer(caller.machine(), status).orElse(null));
    return errands.tryOut() == null && errands.resolution() == null
        ? Response.noContent().build()
        : Response.ok(errands).build();
  }

  @GET
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "listMachines",
      summary = "Lists the machines with what they last said (admins)")
  @APIResponse(responseCode = "200", description = "All machines by name")
  public List<MachineView> list() {
    return machines.list();
  }

  @GET
  @Path("tags")
  @RolesAllowed(Roles.USER)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "listMachineTags", summary = "Lists the tags a task can be given to")
  @APIResponse(responseCode = "200", description = "All tags")
  public List<String> tags() {
    return machines.tags();
  }

  @GET
  @Path("tags/limits")
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "listMachineLimits",
      summary = "Lists how many machines of each limited tag may work at a time (admins)")
  @APIResponse(
      responseCode = "200",
      description = "Machines by tag; tags without a limit are not in it")
  public Map<String, Integer> limits() {
    return limits.machineLimits();
  }

  @PUT
  @Path("tags/{tag}/limit")
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "limitMachines",
      summary = "Limits how many machines of a tag work at a time; acts on the next lease (admins)",
      description = "Without a number the limit is taken away.")
  @APIResponse(responseCode = "204", description = "Done")
  public void limit(@PathParam("tag") String tag, @NotNull MachineLimit limit) {
    limits.limitMachines(caller.username(), tag, limit.maxMachines());
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "createMachine", summary = "Registers a machine (admins)")
  @APIResponse(
      responseCode = "201",
      description = "The machine's token, shown this once",
      content = @Content(schema = @Schema(implementation = MachineToken.class)))
  public Response create(@NotNull NewMachine form) {
    return Response.status(Response.Status.CREATED)
        .entity(machines.create(caller.username(), form))
        .build();
  }

  @POST
  @Path("{name}/token")
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "replaceToken",
      summary = "Makes a new token; the old one is refused from then on (admins)")
  @APIResponse(
      responseCode = "201",
      description = "The machine's token, shown this once",
      content = @Content(schema = @Schema(implementation = MachineToken.class)))
  public Response replaceToken(@PathParam("name") String name) {
    return Response.status(Response.Status.CREATED)
        .entity(machines.replaceToken(caller.username(), name))
        .build();
  }

  @POST
  @Path("{name}/activate")
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "activateMachine", summary = "Accepts its token again (admins)")
  @APIResponse(responseCode = "204", description = "Done")
  public void activate(@PathParam("name") String name) {
    machines.activate(caller.username(), name);
  }

  @POST
  @Path("{name}/deactivate")
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "deactivateMachine", summary = "Refuses its token (admins)")
  @APIResponse(responseCode = "204", description = "Done")
  public void deactivate(@PathParam("name") String name) {
    machines.deactivate(caller.username(), name);
  }
}
