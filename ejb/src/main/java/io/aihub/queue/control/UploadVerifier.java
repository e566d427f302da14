package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LineResult;
import io.aihub.queue.api.Outcome;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.StoredObject;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks in storage before a success is counted. Not to be called within a transaction. */
@Dependent
public class UploadVerifier {

  private final ObjectStore store;
  private final WorkPool pool;

  @Inject
  public UploadVerifier(ObjectStore store, WorkPool pool) {
    this.store = store;
    this.pool = pool;
  }

  /**
   * The same results in the same order, save that a success whose object is not there as reported
   * has become a failure.
   *
   * @throws io.aihub.shared.UnavailableException where storage does not answer
   */
  public List<LineResult> verify(String target, List<LineResult> results) {
    return pool.all(
        results.stream()
            .<Supplier<LineResult>>map(result -> () -> verify(target, result))
            .toList());
  }

  private LineResult verify(String target, LineResult result) {
    if (result.outcome() != Outcome.SUCCEEDED) {
      return result;
    }
    Optional<String> problem = TargetPath.problem(target, result.path());
    if (problem.isPresent()) {
      return failed(result, FailureClass.OUTPUT, problem.get());
    }
    String key = TargetPath.key(target, result.path());
    Optional<StoredObject> object = store.headTarget(key);
    if (object.isEmpty()) {
      return failed(result, FailureClass.UPLOAD, "There is no object " + key + " in storage.");
    }
    if (!ObjectIdentity.hasContent(object.get(), result.size(), result.sha256())) {
      return failed(
          result,
          FailureClass.UPLOAD,
          "The object " + key + " in storage is not the file that was reported.");
    }
    return result;
  }

  private static LineResult failed(LineResult result, FailureClass failureClass, String message) {
    return LineResult.failed(result.line(), failureClass, message, null, null);
  }
}
