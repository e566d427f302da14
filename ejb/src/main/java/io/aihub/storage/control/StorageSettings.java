package io.aihub.storage.control;

import java.net.URI;

/**
 * Where objects are kept, and by which way clients reach them.
 *
 * @param storage the storage itself, as this server reaches it
 * @param relay what clients upload to; passes their requests on into storage
 * @param bucket the bucket that all files land in
 */
public record StorageSettings(Endpoint storage, Endpoint relay, String bucket) {

  /**
   * An S3-compatible service.
   *
   * @param accessKey null where the service asks for none
   * @param secretKey null where the service asks for none
   * @param pathStyle whether the bucket stands in the path rather than in the host name
   */
  public record Endpoint(
      URI uri, String region, String accessKey, String secretKey, boolean pathStyle) {

    /** Leaves the secret out, so that it never reaches a log. */
    @Override
    public String toString() {
      return "Endpoint[" + uri + ", " + region + ", " + accessKey + "]";
    }
  }
}
