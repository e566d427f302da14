package io.aihub.web.script;

import io.aihub.requirement.api.RequirementsView;
import io.aihub.requirement.boundary.RequirementService;
import io.aihub.script.api.ScriptView;
import io.aihub.script.boundary.ScriptService;
import io.aihub.shared.Page;
import io.aihub.web.identity.Caller;
import io.aihub.web.identity.Roles;
import io.aihub.web.support.ReaderLanguage;
import io.aihub.web.support.RestApplication;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Versions of download scripts. */
@Path("scripts")
@ApplicationScoped
@Tag(name = "scripts", description = "Versions of download scripts, by SHA-256")
public class ScriptResource {

  private static final String PYTHON = "text/x-python";

  @Inject private ScriptService scripts;
  @Inject private RequirementService requirements;
  @Inject private Caller caller;

  @POST
  @RolesAllowed(Roles.USER)
  @Consumes({PYTHON, MediaType.TEXT_PLAIN})
  @Produces(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "uploadScript",
      summary = "Keeps a version of a script; the same source again is the same version")
  @RequestBody(
      required = true,
      description =
          "Up to 1 MiB of UTF-8: Python 3.12 that defines download(line, output_local_dir) and"
              + " imports what the clients have, or what comes with its requirements",
      content = {
        @Content(mediaType = PYTHON, schema = @Schema(implementation = String.class)),
        @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(implementation = String.class))
      })
  @APIResponse(
      responseCode = "201",
      description = "The version, and what its author should know of it",
      content = @Content(schema = @Schema(implementation = UploadedScript.class)))
  public Response upload(
      @Parameter(description = "File name of the script") @QueryParam("name") String name,
      @Parameter(description = "What is to be said of this version") @QueryParam("note")
          String note,
      @Parameter(description = "SHA-256 of what it requires, uploaded before; none: nothing")
          @QueryParam("requirements")
          String requirements,
      InputStream body,
      @Context HttpHeaders headers,
      @Context UriInfo uri)
      throws IOException {
    byte[] source = body.readNBytes(ScriptService.MAX_BYTES + 1);
    ScriptView script = scripts.upload(caller.username(), name, source, requirements, note);
    return Response.created(uri.getAbsolutePathBuilder().path(script.sha256()).build())
        .entity(
            UploadedScript.of(
                script,
                scripts.warnings(
                    script.sha256(),
                    ReaderLanguage.of(headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE)))))
        .build();
  }

  @GET
  @RolesAllowed(Roles.USER)
  @Produces(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "listScripts", summary = "Lists the versions, newest first")
  @APIResponse(responseCode = "200", description = "One page of the list")
  public Page<ScriptView> list(
      @QueryParam("offset") @DefaultValue("0") int offset,
      @Parameter(description = "1 to 500") @QueryParam("limit") @DefaultValue("50") int limit) {
    return scripts.list(offset, limit);
  }

  @GET
  @Path("{sha256}")
  @RolesAllowed({Roles.MACHINE, Roles.USER})
  @Produces(PYTHON + ";charset=UTF-8")
  @SecurityRequirement(name = RestApplication.MACHINE)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(operationId = "getScript", summary = "Reads the source of a version")
  @APIResponse(
      responseCode = "200",
      description =
          "The source; its bytes have that SHA-256, unless the version has requirements: then"
              + " the bytes of its source, a NUL, and the bytes of the requirements have",
      content = @Content(mediaType = PYTHON, schema = @Schema(implementation = String.class)))
  public Response source(@PathParam("sha256") String sha256) {
    return Response.ok(scripts.source(sha256))
        .header(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable")
        .build();
  }

  @GET
  @Path("{sha256}/requirements")
  @RolesAllowed({Roles.MACHINE, Roles.USER})
  @Produces(MediaType.APPLICATION_JSON)
  @SecurityRequirement(name = RestApplication.MACHINE)
  @SecurityRequirement(name = RestApplication.PERSON)
  @Operation(
      operationId = "getScriptRequirements",
      summary = "Reads what a version requires; 404 requirements.none where it requires nothing")
  @APIResponse(
      responseCode = "200",
      description = "The requirements, and the packages that they come to",
      content = @Content(schema = @Schema(implementation = RequirementsView.class)))
  public RequirementsView requirements(
      @PathParam("sha256") String sha256, @Context HttpHeaders headers) {
    return requirements.get(
        scripts.requirements(sha256),
        ReaderLanguage.of(headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE)));
  }
}
