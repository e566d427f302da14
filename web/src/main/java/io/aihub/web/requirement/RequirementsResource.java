package io.aihub.web.requirement;

import io.aihub.requirement.api.KnownPackagesView;
import io.aihub.requirement.api.RequirementsView;
import io.aihub.requirement.api.ResolutionReport;
import io.aihub.requirement.boundary.RequirementService;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.ReaderLanguage;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What scripts require beside what clients have. */
@Path("requirements")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "requirements", description = "Packages that scripts require, pinned by a machine")
public class RequirementsResource {

  @Inject private RequirementService requirements;
  @Inject private Caller caller;

  @POST
  @RolesAllowed(Roles.USER)
  @Consumes(MediaType.TEXT_PLAIN)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "uploadRequirements",
      summary = "Keeps a requirements.txt; a machine then finds out what it comes to",
      description =
          "The same text again is the same requirements, with the same packages. Where they were"
              + " refused, a machine tries once more.")
  @RequestBody(
      required = true,
      description = "Up to 64 KiB of UTF-8: a package of the index a line, as PEP 508 writes it",
      content =
          @Content(
              mediaType = MediaType.TEXT_PLAIN,
              schema = @Schema(implementation = String.class)))
  @APIResponse(
      responseCode = "201",
      description = "The requirements, to be named when a script is uploaded",
      content = @Content(schema = @Schema(implementation = RequirementsView.class)))
  public Response upload(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri)
      throws IOException {
    byte[] file = body.readNBytes(RequirementService.MAX_BYTES + 1);
    RequirementsView kept = requirements.upload(caller.username(), file, language(headers));
    return Response.created(uri.getAbsolutePathBuilder().path(kept.sha256()).build())
        .entity(kept)
        .build();
  }

  @GET
  @Path("known")
  @RolesAllowed(Roles.USER)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "listKnownPackages",
      summary = "Lists packages that are known to work on the clients, and such as do not")
  @APIResponse(
      responseCode = "200",
      description = "Names of packages; what is on no list was not tried",
      content = @Content(schema = @Schema(implementation = KnownPackagesView.class)))
  public KnownPackagesView known() {
    return requirements.known();
  }

  @GET
  @Path("{sha256}")
  @RolesAllowed(Roles.USER)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "getRequirements", summary = "Reads what has come of requirements")
  @APIResponse(
      responseCode = "200",
      description = "The packages that they come to, or what is in the way",
      content = @Content(schema = @Schema(implementation = RequirementsView.class)))
  public RequirementsView get(@PathParam("sha256") String sha256, @Context HttpHeaders headers) {
    return requirements.get(sha256, language(headers));
  }

  @POST
  @Path("{sha256}/resolve")
  @RolesAllowed(Roles.USER)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "resolveRequirements",
      summary = "Has a machine try once more; does nothing where they are ready")
  @APIResponse(responseCode = "204", description = "Noted")
  public void again(@PathParam("sha256") String sha256) {
    requirements.again(caller.username(), sha256);
  }

  @POST
  @Path("{sha256}/resolution")
  @RolesAllowed(Roles.MACHINE)
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.MACHINE)
  @Operation(
      operationId = "reportResolution",
      summary = "Says what requirements come to; 409 means that the machine is too late")
  @APIResponse(responseCode = "204", description = "Noted")
  public void report(@PathParam("sha256") String sha256, @NotNull @Valid ResolutionReport report) {
    requirements.record(caller.machine(), sha256, report);
  }

  private static Locale language(HttpHeaders headers) {
    return ReaderLanguage.of(headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE));
  }
}
