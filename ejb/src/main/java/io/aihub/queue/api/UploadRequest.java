package io.aihub.queue.api;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * A worker asks how it may upload the files of its lease.
 *
 * @param sequence the number the lease had when it was granted
 * @param files at most one for each leased line
 */
public record UploadRequest(
    long sequence, @NotEmpty @Size(max = 1000) List<@NotNull @Valid File> files) {

  /**
   * One finished file.
   *
   * @param line the line that the file comes from
   * @param path its path below {@code output_local_dir}, with forward slashes
   * @param size bytes
   * @param sha256 64 lower-case hexadecimal digits
   * @param occupied true where an earlier grant for it was answered 412 Precondition Failed: the
   *     server then looks at what is there and decides
   */
  public record File(
      long line,
      @NotNull @Size(min = 1, max = MAX_PATH) String path,
      @PositiveOrZero long size,
      @NotNull @Pattern(regexp = "[0-9a-f]{64}") String sha256,
      boolean occupied) {

    /** The longest path, in characters. */
    public static final int MAX_PATH = 1024;
  }
}
