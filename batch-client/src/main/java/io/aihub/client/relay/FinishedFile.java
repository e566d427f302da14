package io.aihub.client.relay;

import java.nio.file.Path;

/**
 * A downloaded file that waits for its upload.
 *
 * @param line the line it comes from
 * @param file where it lies
 * @param path its path below {@code output_local_dir}, with forward slashes
 * @param size bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record FinishedFile(long line, Path file, String path, long size, String sha256) {}
