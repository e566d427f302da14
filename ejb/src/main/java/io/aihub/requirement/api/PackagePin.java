package io.aihub.requirement.api;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * One wheel, of which any copy will do that has its hash.
 *
 * @param name as PEP 503 normalises it
 * @param version as PEP 440 writes it
 * @param sha256 of the wheel: 64 lower-case hexadecimal digits
 * @param modules what can be imported of it, by the name up to the first dot
 */
public record PackagePin(
    @NotNull @Size(max = 200) @Pattern(regexp = "[a-z0-9]+(-[a-z0-9]+)*") String name,
    @NotNull @Size(max = 100) @Pattern(regexp = "[0-9A-Za-z.!+_-]+") String version,
    @NotNull @Pattern(regexp = "[0-9a-f]{64}") String sha256,
    @NotNull @Size(max = 1000) List<@NotNull @Pattern(regexp = "\\w{1,100}") String> modules) {

  /** As pip's lock files have it. */
  public String lockLine() {
    return name + "==" + version + " --hash=sha256:" + sha256;
  }
}
