package io.aihub.queue.control;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.UploadGrant;
import io.aihub.queue.api.UploadGrant.Decision;
import io.aihub.queue.api.UploadRequest;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.RelaySigner;
import io.aihub.storage.control.RelaySigner.SignedPut;
import io.aihub.storage.control.StoredObject;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether a file may be uploaded. Who comes first is for storage to say: a first grant
 * writes only where nothing stands, and only a client that was refused by storage asks again with
 * {@code occupied}. A grant to replace an object names the object it was decided on, so that two
 * who replace the same one can't both succeed where storage knows {@code If-Match}.
 */
@Dependent
public class UploadGrants {

  private final ObjectStore store;
  private final RelaySigner signer;

  @Inject
  public UploadGrants(ObjectStore store, RelaySigner signer) {
    this.store = store;
    this.signer = signer;
  }

  /**
   * On whose behalf.
   *
   * @param target the task's target path
   * @param overwrite whether it may replace what earlier tasks left
   */
  public record Claim(long taskId, String target, boolean overwrite) {}

  public UploadGrant decide(Claim claim, UploadRequest.File file) {
    Optional<String> problem = TargetPath.problem(claim.target(), file.path());
    if (problem.isPresent()) {
      return refused(file, FailureClass.OUTPUT, problem.get());
    }
    String key = TargetPath.key(claim.target(), file.path());
    if (!file.occupied()) {
      return put(claim, file, key, null);
    }
    Optional<StoredObject> present = store.headTarget(key);
    if (present.isEmpty()) { // deleted meanwhile
      return put(claim, file, key, null);
    }
    return replace(claim, file, key, present.get());
  }

  private UploadGrant replace(
      Claim claim, UploadRequest.File file, String key, StoredObject present) {
    if (ObjectIdentity.hasContent(present, file.size(), file.sha256())) {
      return new UploadGrant(file.line(), Decision.ALREADY_THERE, null, null, Map.of(), null, null);
    }
    if (ObjectIdentity.isOfLine(present, claim.taskId(), file.line())) {
      return put(claim, file, key, present.etag());
    }
    if (ObjectIdentity.isOfTask(present, claim.taskId())) {
      return refused(
          file, FailureClass.CLASH, "Another line of this task has the key " + key + ".");
    }
    if (claim.overwrite()) {
      return put(claim, file, key, present.etag());
    }
    return refused(file, FailureClass.CLASH, "The key " + key + " is taken, and not by this task.");
  }

  private UploadGrant put(Claim claim, UploadRequest.File file, String key, String replaces) {
    SignedPut signed =
        signer.sign(
            key,
            file.size(),
            file.sha256(),
            ObjectIdentity.metadata(claim.taskId(), file.line(), file.sha256()),
            replaces);
    return new UploadGrant(
        file.line(), Decision.PUT, "PUT", signed.url(), signed.headers(), null, null);
  }

  private static UploadGrant refused(
      UploadRequest.File file, FailureClass failureClass, String message) {
    return new UploadGrant(
        file.line(), Decision.REFUSED, null, null, Map.of(), failureClass, message);
  }
}
