package io.aihub.web.support;

import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import io.aihub.shared.TextPosition;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An error as programs read it (RFC 9457, {@code application/problem+json}).
 *
 * @param type names the kind of problem; {@code about:blank} where the code says all
 * @param title the meaning of the status
 * @param status the HTTP status
 * @param detail what went wrong, in the reader's language
 * @param code the stable name of this error
 * @param field the first field to blame, or null
 * @param line where in that field's text, from 1; null where it is about the whole
 * @param column the same in characters
 * @param errors every field to blame where there are several, or null
 * @param incident where the server failed: what to tell operations, who find it in the log
 */
@Schema(description = "An error (RFC 9457). Programs go by code, people read detail.")
@JsonbPropertyOrder({
  "type",
  "title",
  "status",
  "detail",
  "code",
  "field",
  "line",
  "column",
  "errors",
  "incident"
})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    String field,
    Integer line,
    Integer column,
    List<FieldProblem> errors,
    String incident) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /**
   * One field to blame.
   *
   * @param field as the sender wrote it
   * @param line where in its text, from 1; null where it is about the whole
   * @param column the same in characters
   * @param code the stable name of the rule it breaks
   * @param detail the same in the reader's language
   */
  @Schema(description = "A field and the rule it breaks.")
  @JsonbPropertyOrder({"field", "line", "column", "code", "detail"})
  public record FieldProblem(
      String field, Integer line, Integer column, String code, String detail) {

    FieldProblem(String field, String code, String detail) {
      this(field, null, null, code, detail);
    }

    private static FieldProblem of(FieldError error, Locale reader) {
      TextPosition at = error.at();
      return new FieldProblem(
          error.field(),
          at == null ? null : at.line(),
          at == null ? null : at.column(),
          error.reason().code(),
          error.reason().message(reader));
    }
  }

  static Problem of(int status, Reason reason, Locale reader) {
    return of(status, reason, null, reader);
  }

  static Problem of(int status, Reason reason, String field, Locale reader) {
    return new Problem(
        "about:blank",
        Reason.of("status." + status).message(reader),
        status,
        reason.message(reader),
        reason.code(),
        field,
        null,
        null,
        null,
        null);
  }

  static Problem of(int status, List<FieldProblem> errors, Locale reader) {
    FieldProblem first = errors.get(0);
    return new Problem(
        "about:blank",
        Reason.of("status." + status).message(reader),
        status,
        first.detail(),
        first.code(),
        first.field(),
        first.line(),
        first.column(),
        errors.size() > 1 ? errors : null,
        null);
  }

  static Problem of(BusinessException refusal, Locale reader) {
    int status = status(refusal);
    if (refusal instanceof InvalidException invalid) {
      return of(
          status,
          invalid.errors().stream().map(error -> FieldProblem.of(error, reader)).toList(),
          reader);
    }
    return of(status, refusal.reason(), refusal.field(), reader);
  }

  private static int status(BusinessException refusal) {
    return switch (refusal.kind()) {
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case INVALID -> 400;
      case FORBIDDEN -> 403;
      case UNAVAILABLE -> 503;
    };
  }

  static Problem incident(String incident, Locale reader) {
    Problem problem = of(500, Reason.of("server.failed", incident), reader);
    return new Problem(
        problem.type,
        problem.title,
        problem.status,
        problem.detail,
        problem.code,
        null,
        null,
        null,
        null,
        incident);
  }
}
