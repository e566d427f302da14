package io.aihub.web.support;

import io.aihub.shared.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.Path;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Comparator;
import java.util.List;

/** A wire record that breaks one of its constraints. */
@Provider
@ApplicationScoped
public class ConstraintViolationMapper implements ExceptionMapper<ConstraintViolationException> {

  private static final int MAX_SHOWN = 20;

  @Inject private ProblemResponses responses;
  @Inject private ValidatorFactory validators;

  @Override
  public Response toResponse(ConstraintViolationException violated) {
    List<Problem.FieldProblem> errors =
        violated.getConstraintViolations().stream()
            .map(this::error)
            .sorted(Comparator.comparing(Problem.FieldProblem::field))
            .limit(MAX_SHOWN)
            .toList();
    return errors.isEmpty()
        ? responses.of(400, Reason.of("request.json.invalid"))
        : responses.of(400, errors);
  }

  private Problem.FieldProblem error(ConstraintViolation<?> violation) {
    String field = field(violation.getPropertyPath());
    if (field.isEmpty()) {
      Reason missing = Reason.of("request.body.missing");
      return new Problem.FieldProblem("", missing.code(), missing.message(responses.reader()));
    }
    Reason reason = Reason.of("request.constraint", field, message(violation));
    return new Problem.FieldProblem(field, reason.code(), reason.message(responses.reader()));
  }

  /** The rule in the caller's language; by itself it would be the server's. */
  private String message(ConstraintViolation<?> violation) {
    return validators
        .getMessageInterpolator()
        .interpolate(
            violation.getMessageTemplate(),
            new MessageInterpolator.Context() {
              @Override
              public ConstraintDescriptor<?> getConstraintDescriptor() {
                return violation.getConstraintDescriptor();
              }

              @Override
              public Object getValidatedValue() {
                return violation.getInvalidValue();
              }

              @Override
              public <T> T unwrap(Class<T> type) {
                return type.cast(this);
              }
            },
            responses.reader());
  }

  /** The path as the sender knows it: {@code results[2].sha256}, without the Java method. */
  private static String field(Path path) {
    StringBuilder field = new StringBuilder();
    for (Path.Node node : path) {
      if (node.getKind() == ElementKind.METHOD || node.getKind() == ElementKind.PARAMETER) {
        continue;
      }
      if (node.getIndex() != null) {
        field.append('[').append(node.getIndex()).append(']');
      }
      if (node.getKind() == ElementKind.PROPERTY) {
        field.append(field.isEmpty() ? "" : ".").append(node.getName());
      }
    }
    return field.toString();
  }
}
