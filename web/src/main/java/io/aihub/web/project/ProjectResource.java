package io.aihub.web.project;

import io.aihub.project.api.NewProject;
import io.aihub.project.api.ProjectView;
import io.aihub.project.boundary.ProjectService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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

/** The R&D projects that tasks may be booked to. */
@Path("projects")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@SecurityRequirement(name = RestApplication.PERSON)
@Tag(name = "projects", description = "R&D projects")
public class ProjectResource {

  @Inject private ProjectService projects;
  @Inject private Caller caller;

  @GET
  @RolesAllowed(Roles.USER)
  @Operation(operationId = "listProjects", summary = "Lists the projects")
  @APIResponse(responseCode = "200", description = "All projects by name")
  public List<ProjectView> list() {
    return projects.list();
  }

  @POST
  @RolesAllowed(Roles.ADMIN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "createProject", summary = "Adds a project (admins)")
  @APIResponse(
      responseCode = "201",
      description = "The project",
      content = @Content(schema = @Schema(implementation = ProjectView.class)))
  public Response create(@NotNull NewProject form) {
    return Response.status(Response.Status.CREATED)
        .entity(projects.create(caller.username(), form))
        .build();
  }
}
