package io.aihub.web.json;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.aihub.web.identity.Roles;
import io.aihub.web.queue.LeaseJson;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Reads the JSON of requests as {@link LeaseJson} does that of leases, and takes nothing for what
 * it is not: JSON-B has null for an object that is given as a number or as true, cuts fractions
 * off, and passes over a field that it doesn't know, so that a list of allowed hosts with a slip in
 * its name would allow every host.
 *
 * <p>People's programs may name only fields that there are. Machines may be newer than the server,
 * so what it doesn't know of theirs is passed over.
 *
 * <p>It comes before JSON-B because it is for records: JAX-RS asks the provider first whose type is
 * nearest, which it can't tell of a bean that CDI hides behind a proxy.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class RequestJson implements MessageBodyReader<Record> {

  private static final ObjectMapper MAPPER =
      LeaseJson.mapper()
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantReader()))
          .build();

  private static final ClassValue<ObjectReader> READERS =
      new ClassValue<>() {
        @Override
        protected ObjectReader computeValue(Class<?> type) {
          return MAPPER.readerFor(type);
        }
      };

  @Context private SecurityContext security;

  @Override
  public boolean isReadable(Class<?> type, Type full, Annotation[] annotations, MediaType media) {
    return type.isRecord() && !LeaseJson.reads(type);
  }

  @Override
  public Record readFrom(
      Class<Record> type,
      Type full,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    ObjectReader reader = READERS.get(type);
    if (!security.isUserInRole(Roles.MACHINE)) {
      reader = reader.with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
    byte[] sent = body.readAllBytes();
    Object read = sent.length == 0 ? null : reader.readValue(sent);
    if (read == null) {
      throw new NoContentException("null");
    }
    return type.cast(read);
  }

  /** A time in ISO 8601 with its zone. */
  private static final class InstantReader extends FromStringDeserializer<Instant> {

    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String value, DeserializationContext context)
        throws IOException {
      try {
        return Instant.parse(value);
      } catch (DateTimeException noTime) {
        return (Instant) context.handleWeirdStringValue(Instant.class, value, "no time");
      }
    }
  }
}
