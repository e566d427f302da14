package io.aihub.queue.control;

import java.util.Optional;

/** An address of the form {@code s3://bucket/key}. */
record IndexAddress(String bucket, String key) {

  private static final String SCHEME = "s3://";

  static Optional<IndexAddress> parse(String address) {
    int slash = address.indexOf('/', SCHEME.length());
    if (!address.startsWith(SCHEME) || slash <= SCHEME.length() || slash == address.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(
        new IndexAddress(address.substring(SCHEME.length(), slash), address.substring(slash + 1)));
  }
}
