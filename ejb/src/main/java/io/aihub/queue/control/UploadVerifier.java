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
  private final boolean looksUp;

  @Inject
  public UploadVerifier(ObjectStore store, WorkPool pool, QueueSettings settings) {
    this.store = store;
    this.pool = pool;
    this.looksUp = settings.verifyUploads();
  }

  /**
   * The same results in the same order, save that a success whose object is not there as reported
   * has become a failure. Where look-ups are switched off, only the paths are checked.
   *
   * @throws io.aihub.shared.UnavailableException where storage does not answer
   */
  public List<LineResult> verify(String target, List<LineResult> results) {
    if (!looksUp) {
      return results.stream().map(result -> checkPath(target, result)).toList();
    }
    return pool.all(
        results.stream()
            .<Supplier<LineResult>>map(result -> () -> verify(target, result))
            .toList());
  }

  private static LineResult checkPath(String target, LineResult result) {
    return result.outcome() == Outcome.SUCCEEDED
        ? TargetPath.problem(target, result.path())
            .map(problem -> failed(result, FailureClass.OUTPUT, problem))
            .orElse(result)
        : result;
  }

  private LineResult verify(String target, LineResult reported) {
    LineResult result = checkPath(target, reported);
    if (result.outcome() != Outcome.SUCCEEDED) {
      return result;
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
