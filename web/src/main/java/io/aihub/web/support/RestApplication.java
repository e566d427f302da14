package io.aihub.web.support;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** Everything below {@code /api}. */
@ApplicationPath("api")
@OpenAPIDefinition(
    info =
        @Info(
            title = "AIHub Data Download",
            version = "1",
            description =
                "Tasks, scripts, accounts and machines for people and their programs (HTTP Basic);"
                    + " leases, upload grants and status for download servers (Bearer token)."
                    + " Errors are application/problem+json, in English unless Accept-Language"
                    + " asks for Chinese."))
@SecurityScheme(
    securitySchemeName = RestApplication.PERSON,
    type = SecuritySchemeType.HTTP,
    scheme = "basic",
    description = "A person's account, or a program's that acts for one.")
@SecurityScheme(
    securitySchemeName = RestApplication.MACHINE,
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "The token of a download server; admins make it.")
public class RestApplication extends Application {

  /** Name of the security scheme of people in the OpenAPI document. */
  public static final String PERSON = "person";

  /** Name of the security scheme of machines in the OpenAPI document. */
  public static final String MACHINE = "machine";
}
