package io.aihub.web.identity;

import io.aihub.identity.api.NewUser;
import io.aihub.identity.api.UserView;
import io.aihub.identity.boundary.UserService;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The accounts of people. */
@Path("users")
@ApplicationScoped
@RolesAllowed(Roles.ADMIN)
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = RestApplication.PERSON)
@Tag(name = "users", description = "Accounts of people")
public class UserResource {

  @Inject private UserService users;
  @Inject private Caller caller;

  @GET
  @Operation(operationId = "listUsers", summary = "Lists the accounts (admins)")
  @APIResponse(responseCode = "200", description = "All accounts by name")
  public List<UserView> list() {
    return users.list(caller.username());
  }

  @GET
  @Path("receivers")
  @RolesAllowed(Roles.USER)
  @Operation(
      operationId = "listReceivers",
      summary = "Lists everybody who may receive a task of the caller's")
  @APIResponse(responseCode = "200", description = "Active accounts but the caller's")
  public List<UserView> receivers() {
    return users.receivers(caller.username());
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "createUser", summary = "Makes an account (admins)")
  @APIResponse(
      responseCode = "201",
      description = "The account",
      content = @Content(schema = @Schema(implementation = UserView.class)))
  public Response create(@NotNull NewUser form) {
    return Response.status(Response.Status.CREATED)
        .entity(users.create(caller.username(), form))
        .build();
  }

  @POST
  @Path("{username}/activate")
  @Operation(operationId = "activateUser", summary = "Lets an account sign in again (admins)")
  @APIResponse(
      responseCode = "200",
      description = "The account",
      content = @Content(schema = @Schema(implementation = UserView.class)))
  public UserView activate(@PathParam("username") String username) {
    return users.activate(caller.username(), username);
  }

  @POST
  @Path("{username}/deactivate")
  @Operation(operationId = "deactivateUser", summary = "Shuts an account out (admins)")
  @APIResponse(
      responseCode = "200",
      description = "The account",
      content = @Content(schema = @Schema(implementation = UserView.class)))
  public UserView deactivate(@PathParam("username") String username) {
    return users.deactivate(caller.username(), username);
  }

  @PUT
  @Path("{username}/password")
  @RolesAllowed(Roles.USER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "changePassword",
      summary = "Changes the caller's own password, or anybody's (admins)")
  @APIResponse(responseCode = "204", description = "Changed")
  public void changePassword(
      @PathParam("username") String username, @NotNull PasswordChange change) {
    users.changePassword(caller.username(), username, change.currentPassword(), change.password());
  }
}
