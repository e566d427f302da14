package io.aihub.storage.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One object on its way into storage, a part at a time, so that memory stays flat. */
final class PartwiseUpload {

  private static final int PART_BYTES = 8 * 1024 * 1024;

  private final S3Client s3;
  private final String bucket;
  private final String key;

  PartwiseUpload(S3Client s3, String bucket, String key) {
    this.s3 = s3;
    this.bucket = bucket;
    this.key = key;
  }

  void write(InputStream content, Runnable afterEachPart) throws IOException {
    String what = bucket + "/" + key;
    String uploadId =
        ObjectStore.call(
            what,
            () -> s3.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId());
    boolean complete = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      byte[] buffer = new byte[PART_BYTES];
      int length;
      do {
        length = content.readNBytes(buffer, 0, buffer.length);
        if (length > 0 || parts.isEmpty()) {
          parts.add(writePart(uploadId, parts.size() + 1, buffer, length));
          afterEachPart.run();
        }
      } while (length == buffer.length);
      ObjectStore.call(
          what,
          () ->
              s3.completeMultipartUpload(
                  request ->
                      request
                          .bucket(bucket)
                          .key(key)
                          .uploadId(uploadId)
                          .multipartUpload(all -> all.parts(parts))));
      complete = true;
    } finally {
      if (!complete) {
        abort(uploadId);
      }
    }
  }

  private CompletedPart writePart(String uploadId, int number, byte[] buffer, int length) {
    String etag =
        ObjectStore.call(
            bucket + "/" + key,
            () ->
                s3.uploadPart(
                        request ->
                            request.bucket(bucket).key(key).uploadId(uploadId).partNumber(number),
                        RequestBody.fromByteBuffer(ByteBuffer.wrap(buffer, 0, length)))
                    .eTag());
    return CompletedPart.builder().partNumber(number).eTag(etag).build();
  }

  /** Storage down: its parts stay behind, for the bucket's own rules to clear. */
  private void abort(String uploadId) {
    try {
      s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(uploadId));
    } catch (RuntimeException leftBehind) {
      System.getLogger(PartwiseUpload.class.getName())
          .log(System.Logger.Level.DEBUG, "parts of " + key + " stay behind", leftBehind);
    }
  }
}
