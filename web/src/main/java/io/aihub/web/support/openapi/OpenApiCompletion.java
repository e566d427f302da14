package io.aihub.web.support.openapi;

import io.aihub.web.fleet.MachineResource;
import io.aihub.web.identity.UserResource;
import io.aihub.web.project.ProjectResource;
import io.aihub.web.queue.LeaseResource;
import io.aihub.web.requirement.RequirementsResource;
import io.aihub.web.script.ScriptResource;
import io.aihub.web.support.Problem;
import io.aihub.web.task.TaskResource;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Completes the OpenAPI document from the resources' methods: the schemas of bodies and parameters,
 * and the problems that every operation may answer with. Named in {@code
 * microprofile-config.properties}.
 */
public class OpenApiCompletion implements OASFilter {

  private static final String JSON = "application/json";

  private static final List<Class<?>> RESOURCES =
      List.of(
          LeaseResource.class,
          ScriptResource.class,
          RequirementsResource.class,
          MachineResource.class,
          TaskResource.class,
          UserResource.class,
          ProjectResource.class);

  private static final Map<String, String> PROBLEMS =
      Map.of(
          "400", "The request breaks a rule; field and errors name what is to blame",
          "401", "No credentials, or wrong ones",
          "403", "The caller may not do this",
          "404", "There is no such thing",
          "409", "What the request is about is in another state by now",
          "500", "The server failed; incident is what to tell operations",
          "503", "Something that the server depends on does not answer; see Retry-After");

  private final RecordSchemas schemas = new RecordSchemas();

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Map<String, Method> methods = new HashMap<>();
    for (Class<?> resource : RESOURCES) {
      for (Method method : resource.getMethods()) {
        var operation =
            method.getAnnotation(org.eclipse.microprofile.openapi.annotations.Operation.class);
        if (operation != null) {
          methods.put(operation.operationId(), method);
        }
      }
    }
    for (PathItem path : document.getPaths().getPathItems().values()) {
      for (Operation operation : path.getOperations().values()) {
        Method method = methods.get(operation.getOperationId());
        if (method != null) {
          complete(operation, method);
        }
      }
    }
    Components components = document.getComponents();
    if (components == null) {
      components = OASFactory.createComponents();
      document.setComponents(components);
    }
    schemas.of(Problem.class);
    schemas.components().forEach(components::addSchema);
    for (Map.Entry<String, String> problem : PROBLEMS.entrySet()) {
      components.addResponse("Problem" + problem.getKey(), problem(problem.getValue()));
    }
  }

  /** Takes away what Payara 6 says of a schema where an annotation says nothing. */
  @Override
  public Schema filterSchema(Schema schema) {
    if (Integer.valueOf(0).equals(schema.getMaxProperties())) {
      schema.setMaxProperties(null);
      schema.setMinProperties(null);
      schema.setMinLength(null);
      schema.setUniqueItems(null);
      schema.setExclusiveMaximum(null);
      schema.setExclusiveMinimum(null);
    }
    return schema;
  }

  private void complete(Operation operation, Method method) {
    for (Parameter parameter : method.getParameters()) {
      if (isBody(parameter)) {
        operation.setRequestBody(
            OASFactory.createRequestBody()
                .required(true)
                .content(json(schemas.of(parameter.getParameterizedType()))));
      }
    }
    if (operation.getParameters() != null) {
      for (var parameter : operation.getParameters()) {
        Type type = typeOf(method, parameter.getName());
        if (type != null) {
          parameter.setSchema(schemas.of(type));
          parameter.setRequired(
              parameter.getIn()
                  == org.eclipse.microprofile.openapi.models.parameters.Parameter.In.PATH);
        }
      }
    }
    APIResponses responses = operation.getResponses();
    Type answer = answer(method);
    for (Map.Entry<String, APIResponse> response : responses.getAPIResponses().entrySet()) {
      boolean withBody = response.getKey().equals("200") || response.getKey().equals("201");
      if (withBody && answer != null) {
        response.getValue().setContent(json(schemas.of(answer)));
      }
    }
    for (String status : PROBLEMS.keySet()) {
      if (!responses.hasAPIResponse(status)) {
        responses.addAPIResponse(status, OASFactory.createAPIResponse().ref("Problem" + status));
      }
    }
  }

  /** The JSON body that an operation answers with; null where it answers with none. */
  private static Type answer(Method method) {
    if (method.getReturnType() != Response.class) {
      return method.getReturnType() == void.class ? null : method.getGenericReturnType();
    }
    return Arrays.stream(
            method.getAnnotationsByType(
                org.eclipse.microprofile.openapi.annotations.responses.APIResponse.class))
        .flatMap(response -> Arrays.stream(response.content()))
        .<Class<?>>map(content -> content.schema().implementation())
        .filter(Class::isRecord)
        .findFirst()
        .orElse(null);
  }

  private static boolean isBody(Parameter parameter) {
    return parameter.getType().isRecord()
        && Arrays.stream(parameter.getAnnotations())
            .map(Annotation::annotationType)
            .noneMatch(type -> type.getPackageName().startsWith("jakarta.ws.rs"));
  }

  private static Type typeOf(Method method, String name) {
    for (Parameter parameter : method.getParameters()) {
      var path = parameter.getAnnotation(PathParam.class);
      var query = parameter.getAnnotation(QueryParam.class);
      if ((path != null && path.value().equals(name))
          || (query != null && query.value().equals(name))) {
        return parameter.getType();
      }
    }
    return null;
  }

  private static Content json(Schema schema) {
    return OASFactory.createContent()
        .addMediaType(JSON, OASFactory.createMediaType().schema(schema));
  }

  private static APIResponse problem(String description) {
    return OASFactory.createAPIResponse()
        .description(description)
        .content(
            OASFactory.createContent()
                .addMediaType(
                    Problem.MEDIA_TYPE,
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref(Problem.class.getSimpleName()))));
  }
}
