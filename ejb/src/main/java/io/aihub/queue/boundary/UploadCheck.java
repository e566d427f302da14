package io.aihub.queue.boundary;

import io.aihub.queue.api.UploadRequest;
import io.aihub.queue.entity.Lease;
import io.aihub.shared.InputCheck;
import io.aihub.shared.InvalidException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything about a wish to upload that is checked before its files are decided on. */
final class UploadCheck {

  private static final int MAX_FILES = 1000;

  private UploadCheck() {}

  /**
   * The rules that the annotations of {@link UploadRequest} state; by Bean Validation they would
   * take longer than signing the uploads does.
   */
  static void requireWellFormed(UploadRequest request) {
    InputCheck check = new InputCheck();
    List<UploadRequest.File> files = request.files();
    if (files == null) {
      check.reject("files", "input.required", "files");
    } else if (files.isEmpty() || files.size() > MAX_FILES) {
      check.reject("files", "lease.files", MAX_FILES);
    } else {
      for (int i = 0; i < files.size(); i++) {
        requireWellFormed(files.get(i), "files[" + i + "]", check);
      }
    }
    check.finish();
  }

  private static void requireWellFormed(UploadRequest.File file, String field, InputCheck check) {
    if (file == null) {
      check.reject(field, "input.required", field);
      return;
    }
    if (file.path() == null || file.path().isEmpty()) {
      check.reject(field + ".path", "input.required", field + ".path");
    } else if (file.path().length() > UploadRequest.File.MAX_PATH) {
      check.reject(field + ".path", "input.long", field + ".path", UploadRequest.File.MAX_PATH);
    }
    if (file.size() < 0) {
      check.reject(field + ".size", "input.negative", field + ".size");
    }
    if (file.sha256() == null || !ReportCheck.isSha256(file.sha256())) {
      check.reject(field + ".sha256", "lease.result.sha256", file.line());
    }
  }

  /**
   * Each file is of a line of the lease, and of one of its own.
   *
   * @throws InvalidException {@code lease.file.line}
   */
  static void requireOwnLines(Lease lease, List<UploadRequest.File> files) {
    Set<Long> unclaimed = new HashSet<>(lease.lines());
    unclaimed.addAll(lease.withdrawn());
    for (int i = 0; i < files.size(); i++) {
      long line = files.get(i).line();
      if (!unclaimed.remove(line)) {
        throw new InvalidException("files[" + i + "].line", "lease.file.line", line);
      }
    }
  }
}
