package io.aihub.storage.control;

import java.util.Map;

/**
 * What storage says of an object.
 *
 * @param size bytes
 * @param etag as storage wrote it, quotes included
 * @param sha256 64 lower-case hexadecimal digits of the checksum that storage itself keeps, or null
 *     where it keeps none
 * @param metadata user metadata; names in lower case and without {@code x-amz-meta-}
 */
public record StoredObject(long size, String etag, String sha256, Map<String, String> metadata) {}
